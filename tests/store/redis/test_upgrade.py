"""A Redis that an earlier version has filled: contacts that no sorted set leads to."""

import json
from collections.abc import Awaitable, Callable

import pytest

from adapters.base import Identity
from gateway.store.base import Store
from gateway.store.contact import ContactFilter, KnownContact
from gateway.store.outgoing import ConversationFilter, StoredConversation
from gateway.store.records import PageRequest
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.samples import NOW, PAGE, WABA, arrival, event, message, psid, wa
from tests.store.test_contacts import connect

pytestmark = pytest.mark.anyio


NEW = ("contact_ids", "pages", "consents", "profiles", "parties")


def forget(server: RedisServer) -> None:
    """Leave what an earlier version has written."""
    client = server.client
    for key in client.scan_iter("*"):
        name = key.decode().partition("}:")[2]
        if name.startswith(("people:", "conversations_of:")) or name in NEW:
            if not key.startswith(b"{gateway}"):
                client.delete(key)
        elif name == "contacts":
            for field, record in client.hgetall(key).items():
                client.hset(key, field, json.dumps(json.loads(record)[:6]))
    client.hdel("{gateway}:facts", "people")
    assert not [*client.scan_iter("*people:*"), *client.scan_iter("*}:contact_ids")]


async def upgraded(server: RedisServer, fill: Callable[[Store], Awaitable[None]]) -> Store:
    before = store_at(f"{server.url}?shards=4", lambda: NOW)
    await before.open()
    await fill(before)
    await before.close()
    forget(server)
    store = store_at(server.url, lambda: NOW)
    await store.open()
    return store


async def listed(store: Store, customer_id: str | None, **which: object) -> list[KnownContact]:
    page = await store.people.contacts(customer_id, ContactFilter(**which), PageRequest())  # type: ignore[arg-type]
    return list(page.data)


async def test_its_contacts_are_found_and_shown_as_if_they_were_new(redis_server: RedisServer) -> None:
    shown: list[KnownContact] = []

    async def fill(store: Store) -> None:
        await connect(store)
        await store.accept([message("m_1", psid("2001"))])
        await store.accept([message("m_2", wa(("wa_id", "4915"), name="Ada"), platform="whatsapp")])
        shown.extend(await listed(store, "default"))

    store = await upgraded(redis_server, fill)
    try:
        assert await listed(store, "default") == shown
        (found,) = await listed(store, None, identity="4915", platform="whatsapp")
        assert await listed(store, "default", name="ada") == [found]
        assert await store.people.contact("default", found.id) == found
    finally:
        await store.close()


async def test_its_conversations_are_listed_as_if_they_were_new(redis_server: RedisServer) -> None:
    shown: list[StoredConversation] = []

    async def talks(store: Store) -> list[StoredConversation]:
        page = await store.outbox.conversations("default", ConversationFilter(), PageRequest())
        return list(page.data)

    async def fill(store: Store) -> None:
        await connect(store)
        await store.accept([message("m_1", psid("2001"))])
        await store.accept([arrival(event("message.received", "m_2"), psid("2002"), thread="t_1")])
        shown.extend(await talks(store))

    store = await upgraded(redis_server, fill)
    try:
        assert await talks(store) == shown and len(shown) == 2
    finally:
        await store.close()


async def test_they_go_on_as_before(redis_server: RedisServer) -> None:
    async def fill(store: Store) -> None:
        await store.accept([message("m_1", wa(("wa_id", "4915")), platform="whatsapp")])

    store = await upgraded(redis_server, fill)
    try:
        identity = Identity("wa_id", "4915", WABA)
        assert await store.people.mark_stale("whatsapp", identity, "unreachable", NOW)
        await store.accept([message("m_2", wa(("bsuid", "DE.7"), ("wa_id", "4915")), platform="whatsapp")])
        (contact,) = await listed(store, None)
        assert {one.value for one in contact.identities} == {"DE.7", "4915"}
        assert await listed(store, None, stale=True) == []
        assert PAGE not in {one.page_id for one in contact.conversations}
    finally:
        await store.close()
