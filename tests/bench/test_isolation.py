"""The isolation measurement counts right, in small. How long anything takes is not asserted."""

import asyncio

import pytest

from bench.crowd import MISBEHAVIOURS, Crowd
from bench.isolation import isolation
from bench.plan import Plan
from bench.servers import new_keys
from bench.tenants import BAD_PAGES, Tenants

pytestmark = pytest.mark.anyio
SMALL = Plan(
    endpoints=12,
    misbehaving=1,
    isolation_rounds=1,
    isolation_seconds=1,
    introductions=40,
    introduction_seconds=10,
)
REQUEST = b"POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"


async def test_nothing_is_lost_doubled_or_disordered_whatever_others_do() -> None:
    result = await isolation(new_keys(), SMALL)
    assert [phase.bad for phase in result.phases] == [False, True]
    assert all(phase.events > 0 for phase in result.phases)
    for phase in result.phases:
        assert (phase.refused, phase.lost, phase.repeated, phase.disordered) == (0, 0, 0, 0)
    assert (result.endpoints, result.bad) == (12, 3)
    assert result.bad_per_second == pytest.approx(result.per_second * 3 * BAD_PAGES / 9)


async def test_every_receiver_has_a_port_and_the_last_ones_misbehave() -> None:
    crowd = Crowd(2, 1)
    await crowd.open()
    talks = [await asyncio.open_connection("127.0.0.1", port) for port in crowd.ports]
    for _, writer in talks:
        writer.write(REQUEST)
    answers = [await talks[number][0].readuntil(b"\r\n\r\n") for number in (0, 1, 3, 4)]
    assert [answer[9:12] for answer in answers] == [b"200", b"200", b"500", b"200"]
    assert await talks[4][0].readexactly(1) == b"."
    await crowd.let_go()
    assert await talks[2][0].read() == b""
    for _, writer in talks:
        writer.close()
    await crowd.close()
    assert len(set(crowd.ports)) == 2 + len(MISBEHAVIOURS)


async def test_customers_with_bad_receivers_get_ten_times_the_traffic() -> None:
    crowd = Crowd(10, 1)
    await crowd.open()
    tenants = Tenants(crowd, "secret")
    numbers = [request.number for request in tenants.traffic.requests(tenants.pages * 5)]
    healthy = [number for number in numbers if tenants.for_healthy(number)]
    assert (tenants.pages, len(healthy)) == (10 + 3 * BAD_PAGES, 50)
    assert {tenants.traffic.page(number) for number in healthy} == set(range(10))
    assert all(tenants.for_healthy(request.number) for request in tenants.healthy(30))
    await crowd.close()
