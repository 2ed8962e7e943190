"""Contacts that become one while their messages come in, and a merger that is cut off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from adapters.base import Identity
from gateway.store.base import Store
from gateway.store.contact import ContactFilter, KnownContact
from gateway.store.records import PageRequest
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.redis.test_processes import sequences
from tests.store.samples import NOW, PAGE, message, psid
from tests.store.test_merging import PAGES, crowd

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pair(redis_server: RedisServer) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes, as far as Redis can tell."""
    async with AsyncExitStack() as stack:
        stores = [store_at(f"{redis_server.url}?shards=4", lambda: NOW) for _ in range(2)]
        for one in stores:
            await one.open()
            stack.push_async_callback(one.close)
        yield stores[0], stores[1]


def records(server: RedisServer, contact: KnownContact) -> list[str]:
    """Where the shard of a contact's page has what it knows of people."""
    conversation = contact.conversations[0].id
    names = [f"{{gateway:{n}}}:" for n in range(4)]
    (shard,) = [one for one in names if server.client.hexists(f"{one}conversations", conversation)]
    kinds = ("identities", "contacts", "contact_ids", "conversations", "people:*")
    return [key.decode() for kind in kinds for key in server.client.scan_iter(shard + kind)]


async def listed(store: Store) -> list[KnownContact]:
    return list((await store.people.contacts(None, ContactFilter(), PageRequest())).data)


async def test_two_are_joined_between_two_messages_whoever_takes_them_in(pair: tuple[Store, Store]) -> None:
    await pair[0].accept([message("m_old", psid("2001"))])
    await pair[0].people.mark_stale("facebook", Identity("psid", "2001", PAGE), "unreachable", NOW)
    await pair[1].accept([message("m_new", psid("2002"))])
    new, old = await listed(pair[0])
    coming = [pair[n % 2].accept([message(f"m_{n}", psid("2002"))]) for n in range(100)]
    await asyncio.gather(*coming[:50], pair[1].people.merge(None, new.id, old.id), *coming[50:])
    (contact,) = await listed(pair[1])
    (conversation,) = contact.conversations
    assert contact.id == old.id and len(contact.identities) == 2
    assert conversation.aliases == (new.conversations[0].id,)
    numbers = await sequences(pair[0])
    assert sum(map(len, numbers.values())) == 104
    for each in numbers.values():
        assert each == list(range(1, len(each) + 1))
    await pair[0].accept([message("m_last", psid("2002"))])
    assert len((await sequences(pair[0]))[conversation.id]) == len(numbers[conversation.id]) + 1


async def test_a_merger_that_was_cut_off_is_ended_by_asking_again(
    pair: tuple[Store, Store], redis_server: RedisServer
) -> None:
    first, second, *others = await crowd(pair[0])
    for one in others:
        await pair[0].people.merge(None, second.id, one.id)
    before = {key: redis_server.client.dump(key) for key in records(redis_server, others[-1])}
    await pair[0].people.merge(None, first.id, second.id)
    for key, value in before.items():
        redis_server.client.restore(key, 0, value or b"", replace=True)
    again = store_at(f"{redis_server.url}?shards=4", lambda: NOW)
    await again.open()
    try:
        assert await again.people.merge(None, second.id, first.id) == first.id
        (contact,) = await listed(again)
        assert {one.scope for one in contact.identities} == set(PAGES)
        assert {one.page_id for one in contact.conversations} == set(PAGES)
    finally:
        await again.close()
