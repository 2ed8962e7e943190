"""Several processes on one Redis: each event once, numbers without gaps, one process per job."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from gateway.clock import system_clock
from gateway.deliver.policy import postponed
from gateway.store.address import parse_redis
from gateway.store.base import Store, WrongEncryptionKey
from gateway.store.records import EventFilter, PageRequest
from gateway.store.redis import RedisStore
from gateway.vault import Vault
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.people import names, on_whatsapp
from tests.store.samples import (
    LEASE,
    NOW,
    body_of,
    claimed,
    endpoint,
    message,
    psid,
    queued,
    status,
    succeeded,
)
from tests.store.test_configuration import ACCOUNT, APP, ENDPOINT

pytestmark = pytest.mark.anyio

HOUR = 3_600_000


@pytest.fixture
async def pair(redis_server: RedisServer) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes, as far as Redis can tell."""
    async with AsyncExitStack() as stack:
        stores = [store_at(redis_server.url, lambda: NOW) for _ in range(2)]
        for one in stores:
            await one.open()
            stack.push_async_callback(one.close)
        await stores[0].put_endpoint(endpoint())
        yield stores[0], stores[1]


async def test_what_a_clock_ahead_took_in_is_due_for_one_that_is_right(pair: tuple[Store, Store]) -> None:
    """A conversation's later messages, which came by a clock that is right, go behind it at once."""
    (ahead, right), now = pair, system_clock()
    early = [("m_1", "2001"), ("m_2", "2001"), ("m_3", "2002")]
    for mid, who in early:
        await ahead.accept([message(mid, psid(who), at=now + HOUR, routes=queued("ep_1"))])
    await right.accept([message("m_4", at=now, routes=queued("ep_1"))])
    came = []
    jobs, following = await right.claim("ep_1", now, LEASE, 1, 0)
    assert following == now
    while jobs:
        came += [body_of(job)["message"]["id"] for job in jobs]
        await right.finish([succeeded(job) for job in jobs])
        jobs, _ = await right.claim("ep_1", now, LEASE, 1, 0)
    assert came.index("m_1") < came.index("m_2") < came.index("m_4") and len(came) == 4


async def test_what_was_put_off_is_not_due_because_its_clock_was_ahead(pair: tuple[Store, Store]) -> None:
    (ahead, right), now = pair, system_clock()
    await ahead.accept([message(at=now + HOUR, routes=queued("ep_1"))])
    (job,), _ = await right.claim("ep_1", now, LEASE, 1, 0)
    await right.finish([postponed(job, now + 2 * HOUR)])
    assert await right.claim("ep_1", now, LEASE, 1, 1) == ([], now + 2 * HOUR)


async def test_who_is_behind_leaves_to_others_what_seems_to_come_too_early(pair: tuple[Store, Store]) -> None:
    (behind, right), now = pair, system_clock()
    await right.accept([message(at=now, routes=queued("ep_1"))])
    assert (await behind.claim("ep_1", now - HOUR, LEASE, 1, 1))[0] == []
    assert len((await right.claim("ep_1", now, LEASE, 1, 1))[0]) == 1


async def sequences(store: Store) -> dict[str, list[int]]:
    """The numbers of each conversation, in the order in which its events were taken in."""
    page = await store.events(None, EventFilter(), PageRequest(ascending=True, limit=10_000))
    found = defaultdict(list)
    for body in map(body_of, page.data):
        found[body["conversation_id"]].append(body["sequence"])
    return found


async def test_two_processes_write_one_conversation_without_a_gap(pair: tuple[Store, Store]) -> None:
    lots = [message(f"m_{number}", psid(str(number % 3))) for number in range(300)]
    await asyncio.gather(*(pair[number % 2].accept([one]) for number, one in enumerate(lots)))
    assert list((await sequences(pair[0])).values()) == [list(range(1, 102))] * 3


async def test_what_both_are_sent_is_stored_once(pair: tuple[Store, Store]) -> None:
    lots = [message(f"m_{number}", psid(str(number % 3))) for number in range(100)]
    found = await asyncio.gather(*(store.accept([one]) for one in lots for store in pair))
    states = [admission.state for (admission,) in found]
    assert (states.count("stored"), states.count("duplicate")) == (100, 100)
    assert sum(map(len, (await sequences(pair[0])).values())) == 103


async def test_what_one_has_learnt_of_people_holds_for_the_other(pair: tuple[Store, Store]) -> None:
    both = (("bsuid", "DE.7"), ("wa_id", "4915"))
    for store, one in (
        (pair[0], on_whatsapp("m_1", ("wa_id", "4915"))),
        (pair[1], on_whatsapp("m_2", ("bsuid", "DE.7"), at=NOW + 1)),
        (pair[0], on_whatsapp("m_3", *both, at=NOW + 2)),
        (pair[1], on_whatsapp("m_4", ("bsuid", "DE.7"), at=NOW + 3)),
    ):
        (last,) = await store.accept([one])
    first = await pair[0].event(None, on_whatsapp("m_1").decoded.event.id)
    stored = await pair[0].event(None, last.event_id)
    assert first is not None and stored is not None
    assert body_of(stored)["conversation_id"] == body_of(first)["conversation_id"]
    assert names(body_of(stored)) == {"DE.7", "4915"}


async def test_a_status_is_stale_whoever_took_in_the_higher_one(pair: tuple[Store, Store]) -> None:
    await pair[0].accept([status(1, "m_1")])
    await pair[1].accept([status(3, "m_1")])
    (late,) = await pair[0].accept([status(2, "m_1")])
    stored = await pair[1].event(None, late.event_id)
    assert stored is not None and body_of(stored)["status"]["stale"]


async def test_no_job_is_given_to_both(pair: tuple[Store, Store]) -> None:
    people = [psid(str(number)) for number in range(60)]
    await pair[0].accept([message(f"m_{n}", one, routes=queued("ep_1")) for n, one in enumerate(people)])
    found = await asyncio.gather(*(pair[n % 2].claim("ep_1", NOW, LEASE, 5, 5) for n in range(20)))
    jobs = [job.delivery_id for taken, _ in found for job in taken]
    assert len(jobs) == len(set(jobs)) == 60


async def test_a_conversation_is_delivered_in_order_by_both(pair: tuple[Store, Store]) -> None:
    sent = [message(f"m_{number}", routes=queued("ep_1")) for number in range(20)]
    for number, one in enumerate(sent):
        await pair[number % 2].accept([one])
    delivered = []
    while (found := [await store.claim("ep_1", NOW, LEASE, 5, 5) for store in pair]) and any(
        jobs for jobs, _ in found
    ):
        (job,) = [job for jobs, _ in found for job in jobs]
        delivered.append(job.event_id)
        await pair[len(delivered) % 2].finish([succeeded(job)])
    assert delivered == [one.decoded.event.id for one in sent]


async def test_a_start_leaves_the_leases_of_the_living_alone(
    pair: tuple[Store, Store], redis_server: RedisServer
) -> None:
    (admission,) = await pair[0].accept([message(routes=claimed("ep_1"))])
    third = store_at(redis_server.url)
    await third.open()
    assert await third.claim("ep_1", NOW + LEASE - 1, LEASE, 9, 9) == ([], None)
    await third.close()
    assert (await pair[1].finish([succeeded(admission.jobs[0])]))[0].moved


async def test_a_script_that_redis_forgot_is_no_trouble(
    pair: tuple[Store, Store], redis_server: RedisServer
) -> None:
    redis_server.client.script_flush()
    (admission,) = await pair[0].accept([message(routes=claimed("ep_1"))])
    redis_server.client.script_flush()
    assert (await pair[0].finish([succeeded(admission.jobs[0])]))[0].moved


async def test_a_database_stays_divided_as_it_was(redis_server: RedisServer) -> None:
    for shards in (4, 8):
        store = store_at(f"{redis_server.url}?shards={shards}")
        await store.open()
        assert (await store.health()).facts["shards"] == 4
        await store.close()


async def test_another_encryption_key_is_refused_by_its_name(redis_server: RedisServer) -> None:
    first = store_at(redis_server.url)
    await first.open()
    await first.close()
    with pytest.raises(WrongEncryptionKey, match="GATEWAY_ENCRYPTION_KEY"):
        await RedisStore(parse_redis(redis_server.url), Vault(b"x" * 32)).open()


def saved(server: RedisServer) -> bytes:
    """Every byte of the database."""
    settings = server.client.config_get("d*")
    server.client.config_set("rdbcompression", "no")
    server.client.save()
    return Path(str(settings["dir"]), str(settings["dbfilename"])).read_bytes()


async def test_secrets_are_not_in_the_database(pair: tuple[Store, Store], redis_server: RedisServer) -> None:
    await pair[0].put_app(APP)
    await pair[0].put_account(ACCOUNT)
    await pair[0].put_endpoint(ENDPOINT)
    written = saved(redis_server)
    secrets = [*APP.app_secrets, APP.verify_token, ACCOUNT.access_token, "whsec_c2VjcmV0", "hidden"]
    secrets += [ENDPOINT.signing_key, ENDPOINT.authorization]
    assert b"receiver.example" in written
    assert not [one for one in secrets if one and len(one) > 2 and one.encode() in written]
