"""What systems of this kind have got wrong, each as a test here. docs/peers.md lists all of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.clock import system_clock
from gateway.deliver.ceiling import Ceiling
from gateway.deliver.lane import Lane
from gateway.deliver.transport import Transport
from gateway.store.base import LEASE_MARGIN_MS
from gateway.store.records import Secret
from tests.deliver.hostile import OK, Connection, serving, tick
from tests.deliver.stage import ManualClock, Stage, endpoint, stage, store_at

pytestmark = pytest.mark.anyio
OTHER = endpoint(id="ep_other", url="https://other.example/")


@asynccontextmanager
async def over_http(path: Path, url: str, **options: object) -> AsyncIterator[Stage]:
    """A stage that sends over real sockets to this URL, each delivery three times at most."""
    transport = Transport([ip_network("127.0.0.0/8")])
    on = Stage(store_at(path), (0.01, 0.01), system_clock, transport)
    await on.store.open()
    await transport.start()
    await on.configure(endpoint(url=url, **options))
    await on.dispatcher.start()
    try:
        yield on
    finally:
        await on.dispatcher.stop()
        await transport.close()
        await on.store.close()


async def test_a_body_that_drips_without_end_is_given_up_before_its_claim_runs_out(tmp_path: Path) -> None:
    async def drip(connection: Connection) -> None:
        await connection.request()
        await connection.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        while True:
            await connection.write(b"x")
            await tick()

    deadline_ms = 200
    async with serving(drip) as url, over_http(tmp_path, url, timeout_ms=deadline_ms) as on:
        await on.arrive("ann:1")
        await on.states(dead=1)
        (delivery,) = await on.deliveries()
        attempts = await on.store.attempts(None, delivery.id) or []
    assert [one.error for one in attempts] == ["timeout"] * 3
    assert all(one.duration_ms < deadline_ms + LEASE_MARGIN_MS for one in attempts)
    for one, next_one in pairwise(sorted(attempts, key=lambda attempt: attempt.at)):
        assert one.at + one.duration_ms <= next_one.at, "never two attempts of one delivery at once"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_receiver_that_has_moved_gets_no_success_without_a_payload(
    tmp_path: Path, status: int
) -> None:
    visits: list[bytes] = []

    async def moved(connection: Connection) -> None:
        while True:
            request = await connection.request()
            visits.append(request.partition(b" HTTP")[0])
            elsewhere = f"HTTP/1.1 {status} Moved\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n"
            await connection.write(OK if b"/elsewhere" in request else elsewhere.encode())

    async with serving(moved) as url, over_http(tmp_path, url) as on:
        await on.arrive("ann:1")
        await on.states(dead=1, delivered=0)
    assert visits == [b"POST /hook"] * 3


async def test_a_fault_at_one_endpoint_sends_nothing_again_to_another(tmp_path: Path) -> None:
    clock = ManualClock()
    unsendable = endpoint(secrets=(Secret(value="no secret"),))
    async with stage(tmp_path, clock=clock, receiver=unsendable) as on:
        await on.configure(OTHER)
        await on.arrive("ann:1")
        (await on.wire.next()).answer(200)
        await on.states(delivered=1, pending=1)
        await on.until(lambda found: all(one.due_at != clock.now for one in found))
        clock.now += 6_000
        await on.configure(endpoint())
        again = await on.wire.next()
        assert again.request.url == endpoint().url
        again.answer(200)
        await on.states(delivered=2)
        assert on.wire.total == 2


async def test_a_retry_that_a_crash_cuts_off_goes_out_again(tmp_path: Path) -> None:
    clock = ManualClock()
    before = Stage(store_at(tmp_path), (1, 600), clock)
    await before.store.open()
    await before.configure(endpoint())
    await before.dispatcher.start()
    await before.arrive("ann:1")
    (await before.wire.next()).answer(500)
    await before.states(failed=1)
    clock.now += 2_000
    before.dispatcher.wake(endpoint().id)
    cut_off = await before.wire.next()
    await before.store.close()
    async with stage(tmp_path, clock=clock) as on:
        again = await on.wire.next()
        assert again.header["webhook-id"] == cut_off.header["webhook-id"]
        assert again.request.body == cut_off.request.body
        again.answer(200)
        await on.states(delivered=1)
    before.wire.hang_up()
    await before.dispatcher.stop()


async def test_an_endpoint_of_which_nothing_was_said_gets_twenty_deliveries_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.arrive(*(f"person{number}:{number}" for number in range(25)))
        for _ in range(20):
            await on.wire.next()
        assert (on.wire.under_way, on.wire.peak) == (20, 20)


async def test_a_stored_rate_limit_is_kept_by_the_sender(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=endpoint(rate_limit=3)) as on:
        (stored,) = (await on.store.configuration()).endpoints
    lane = Lane(stored, Ceiling(100))
    assert [lane.reserve(1_000) for _ in range(5)] == [True, True, True, False, False]
