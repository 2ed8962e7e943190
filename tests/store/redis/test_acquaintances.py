"""Who came by a moment ago is known without a question, and yet not for longer than it is true."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from adapters.base import Identity, Person
from gateway.store.base import Store
from gateway.store.contact import KnownContact
from tests.redis_servers import RedisServer
from tests.store.erasures import by, erase
from tests.store.opening import store_at
from tests.store.samples import NOW, PAGE, message, reaction, status
from tests.store.test_contacts import found

pytestmark = pytest.mark.anyio

PERSON = Identity("psid", "2001", PAGE)
RECEIPT = status(3, "m_9")


@pytest.fixture
async def pair(redis_server: RedisServer) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes; the first one knows somebody well."""
    async with AsyncExitStack() as stack:
        stores = [store_at(redis_server.url, lambda: NOW) for _ in range(2)]
        for one in stores:
            await one.open()
            stack.push_async_callback(one.close)
        for number in range(3):
            await stores[0].accept([message(f"m_{number}")])
        yield stores[0], stores[1]


async def only(store: Store) -> KnownContact:
    (contact,) = await found(store)
    return contact


@pytest.mark.parametrize("eraser", [0, 1])
async def test_who_was_erased_is_not_met_as_an_acquaintance(pair: tuple[Store, Store], eraser: int) -> None:
    before = await only(pair[0])
    await erase(pair[eraser], by("psid", "2001", PAGE))
    (receipt,) = await pair[0].accept([RECEIPT])
    assert receipt.state == "duplicate" and await found(pair[0]) == []
    await pair[0].accept([message("m_new")])
    assert (await only(pair[0])).id != before.id


@pytest.mark.parametrize("marker", [0, 1])
async def test_a_mark_stays_until_the_acquaintance_acts(pair: tuple[Store, Store], marker: int) -> None:
    await pair[marker].people.mark_stale("facebook", PERSON, "unreachable", NOW)
    for late in (RECEIPT, message("m_8", name="message.echo", direction="outbound")):
        await pair[0].accept([late])
    assert [one.stale for one in (await only(pair[0])).identities] == ["unreachable"]
    await pair[0].accept([reaction("m_1")])
    assert [one.stale for one in (await only(pair[0])).identities] == [None]


async def test_a_receipt_gives_an_acquaintance_no_other_name(pair: tuple[Store, Store]) -> None:
    ada, bob = (Person(identities=(PERSON,), name=name) for name in ("Ada", "Bob"))
    await pair[0].accept([message("m_named", ada)])
    await pair[0].accept([status(3, "m_9", person=bob)])
    assert (await only(pair[0])).name == "Ada"
