"""Several processes that send on one Redis: each message is sent by one, in the order of its line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from gateway.store.base import Store
from gateway.store.outbox import LEASE_MS
from gateway.store.outgoing import MessageFilter
from gateway.store.records import PageRequest
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.samples import NOW, endpoint
from tests.store.whole.outgoing import begun, claim, echo, finish, names, outgoing, progress

pytestmark = pytest.mark.anyio

PEOPLE = 20


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


async def test_a_message_is_claimed_by_one_of_them(pair: tuple[Store, Store]) -> None:
    for number in range(PEOPLE):
        await pair[number % 2].outbox.add(outgoing(f"msg_{number}", to=f"2{number:03}"))
    claims = await asyncio.gather(*(claim(pair[number % 2], limit=4) for number in range(10)))
    ids = [job.message.id for jobs in claims for job in jobs]
    assert len(ids) == len(set(ids))
    ids += [job.message.id for job in await claim(pair[0], limit=PEOPLE)]
    assert sorted(ids) == sorted(f"msg_{number}" for number in range(PEOPLE))


async def test_a_line_is_in_the_order_in_which_messages_were_taken_whoever_took_them(
    pair: tuple[Store, Store],
) -> None:
    expected = [f"msg_{number}" for number in range(12)]
    for number, identifier in enumerate(expected):
        # The clock of one of them is wrong.
        await pair[number % 2].outbox.add(outgoing(identifier, created_at=NOW - 500 * (number % 2)))
    sent = []
    for number in range(12):
        store = pair[number // 3 % 2]
        job = await begun(store)
        sent.append(job.message.id)
        await finish(store, job, "accepted")
    assert sent == expected


async def test_many_messages_of_one_line_that_come_at_once_are_all_taken_and_all_sent(
    pair: tuple[Store, Store],
) -> None:
    await asyncio.gather(*(pair[number % 2].outbox.add(outgoing(f"msg_{number}")) for number in range(100)))
    sent = []
    for number in range(100):
        (job,) = await claim(pair[number % 2])
        sent.append(job.message.id)
        await finish(pair[number % 2], job, "accepted")
    assert len(set(sent)) == 100
    assert await claim(pair[0]) == []


async def test_pages_of_a_list_miss_nothing_that_two_of_them_took_in_one_moment(
    pair: tuple[Store, Store],
) -> None:
    wanted = [outgoing(f"msg_{number}", to=f"2{number:03}") for number in range(60)]
    await asyncio.gather(*(pair[number % 2].outbox.add(one) for number, one in enumerate(wanted)))
    found, request = [], PageRequest(limit=7)
    while True:
        page = await pair[0].outbox.messages(None, MessageFilter(), request)
        found += [one.message.id for one in page.data]
        if page.next_cursor is None:
            break
        request = PageRequest(limit=7, cursor=page.next_cursor)
    assert sorted(found) == sorted(one.id for one in wanted)


async def test_what_one_has_begun_the_other_settles_by_its_echo(pair: tuple[Store, Store]) -> None:
    sender, receiver = pair
    await sender.outbox.add(outgoing())
    job = await begun(sender)
    await receiver.accept([echo("msg_1")])
    await finish(sender, job, "accepted")
    assert (await progress(receiver)).state == "sent"
    assert await names(receiver) == ["conversation.started", "message.sent"]


async def test_what_a_dead_one_had_claimed_another_one_sends_and_what_it_had_begun_nobody_does(
    pair: tuple[Store, Store],
) -> None:
    dead, other = pair
    await dead.outbox.add(outgoing("msg_1"))
    await dead.outbox.add(outgoing("msg_2", to="2002"))
    first, _ = await claim(dead)
    assert await dead.outbox.begin(first, 0, NOW)
    await asyncio.gather(*(one.outbox.expire(NOW + LEASE_MS) for one in pair))
    jobs = await asyncio.gather(*(claim(one, NOW + LEASE_MS) for one in pair))
    other_one = "msg_2" if first.message.id == "msg_1" else "msg_1"
    assert [job.message.id for found in jobs for job in found] == [other_one]
    assert (await progress(other, first.message.id)).state == "unknown"
