"""Who was erased comes back by a new word of their own, and by nothing else."""

import pytest
from msgspec.structs import replace

from adapters.base import Identity
from gateway.store.base import Store
from gateway.store.records import Arrival, EventFilter, PageRequest
from tests.store.erasures import by, erase
from tests.store.samples import DAY, NOW, PAGE, WABA, edit, message, psid, reaction, status, wa
from tests.store.test_contacts import found

pytestmark = pytest.mark.anyio

PERSON = by("psid", "2001", PAGE)


async def erased(store: Store) -> None:
    """Somebody who has written, and whom nobody knows any more."""
    await store.accept([message()])
    await erase(store, PERSON)


async def nobody(store: Store) -> bool:
    events = await store.events(None, EventFilter(), PageRequest())
    return await found(store) == [] and events.data == ()


@pytest.mark.parametrize(
    "late",
    [
        status(3, "m_9"),
        status(3, watermark_ms=NOW),
        message("m_8", name="message.echo", direction="outbound"),
        message("m_8", name="message.sent", direction="outbound"),
        message("m_0", name="history.imported"),
        reaction("m_1"),
        edit("m_1", psid("2001")),
    ],
)
async def test_what_only_names_the_person_is_seen_and_kept_nowhere(store: Store, late: Arrival) -> None:
    await erased(store)
    (first,) = await store.accept([late])
    await store.release_held(NOW + 60_000)
    (again,) = await store.accept([late])
    assert first.state in ("duplicate", "held") and again.state == "duplicate"
    assert await nobody(store)


async def test_a_new_word_makes_somebody_new_who_is_echoed_as_everybody(store: Store) -> None:
    await erased(store)
    await store.accept([message("m_2")])
    (contact,) = await found(store)
    echo = message("m_3", name="message.echo", direction="outbound")
    assert [one.state for one in await store.accept([echo, status(3, "m_3")])] == ["stored", "stored"]
    assert [one.id for one in await found(store)] == [contact.id]


async def test_what_is_kept_of_an_erased_id_is_forgotten_with_the_ids_of_events(store: Store) -> None:
    await erased(store)
    late = replace(status(3, "m_9"), received_at=NOW + 13 * DAY)
    assert [one.state for one in await store.accept([late])] == ["stored"]


async def test_others_are_not_taken_for_the_erased(store: Store) -> None:
    await erased(store)
    echo = message("m_8", psid("2002"), name="message.echo", direction="outbound")
    assert [one.state for one in await store.accept([echo])] == ["stored"]


async def test_a_receipt_makes_nobody_known_under_a_name(store: Store) -> None:
    await store.accept([status(3, "m_9", person=wa(("wa_id", "4915"), name="Ada"))])
    (contact,) = await found(store)
    assert contact.name is None


async def test_a_number_is_forgotten_under_each_of_its_ids(store: Store) -> None:
    await store.accept([message("m_1", wa(("bsuid", "DE.7"), ("wa_id", "4915")), platform="whatsapp")])
    await erase(store, by("bsuid", "DE.7", WABA, "whatsapp"))
    late = status(3, "m_9", platform="whatsapp", person=wa(("wa_id", "4915")))
    assert [one.state for one in await store.accept([late])] == ["duplicate"]


@pytest.mark.parametrize("name", ["message.send_failed", "message.sent", "message.echo", "history.imported"])
async def test_only_a_sign_of_life_takes_a_mark_back(store: Store, name: str) -> None:
    await store.accept([message()])
    await store.people.mark_stale("facebook", Identity("psid", "2001", PAGE), "unreachable", NOW)
    direction = "inbound" if name == "history.imported" else "outbound"
    await store.accept([message("m_2", name=name, direction=direction)])
    assert [one.stale for one in (await found(store))[0].identities] == ["unreachable"]
    await store.accept([reaction("m_1")])
    assert [one.stale for one in (await found(store))[0].identities] == [None]
