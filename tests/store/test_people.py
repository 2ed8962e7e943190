"""People: linked where the platform pairs their ids, never merged on a guess."""

import pytest

from gateway.store.base import Store
from tests.store.people import FIRST, SECOND, bodies, names, on_whatsapp
from tests.store.samples import NOW, PAGE, announced, arrival, body_of, event, message, psid, queued, wa

pytestmark = pytest.mark.anyio


async def test_the_same_id_in_another_scope_or_kind_is_another_person(store: Store) -> None:
    elsewhere = event("message.received", "m_2", page_id="1002")
    found = await bodies(store, message("m_1", psid("2001")), arrival(elsewhere, wa(("psid", "2001"))))
    assert [body["contact"]["id"] for body in found] == [FIRST, SECOND]


async def test_a_pairing_on_one_item_links_a_new_id_to_a_known_person(store: Store) -> None:
    found = await bodies(
        store,
        on_whatsapp("m_1", ("wa_id", "4915")),
        on_whatsapp("m_2", ("bsuid", "DE.7"), ("wa_id", "4915")),
        on_whatsapp("m_3", ("bsuid", "DE.7")),
    )
    assert {body["contact"]["id"] for body in found} == {FIRST}
    assert len({body["conversation_id"] for body in found}) == 1
    assert names(found[-1]) == {"4915", "DE.7"}


async def test_a_pairing_of_two_known_people_joins_them_as_the_older_one(store: Store) -> None:
    routes = {"contact.identity_changed": queued("ep_1")}
    old, new, joined, both = await bodies(
        store,
        on_whatsapp("m_1", ("wa_id", "4915")),
        on_whatsapp("m_2", ("bsuid", "DE.7")),
        on_whatsapp("m_3", ("bsuid", "DE.7"), ("wa_id", "4915"), derived_routes=routes),
    )
    assert joined["event"] == "contact.identity_changed"
    assert joined["identity"]["previous_conversation_id"] == new["conversation_id"]
    assert names(joined, "identity", "previous") == {"DE.7"}
    assert both["conversation_id"] == joined["conversation_id"] == old["conversation_id"]
    assert both["contact"]["id"] == FIRST and both["sequence"] == 4
    (job,) = (await store.claim("ep_1", NOW, 20_000, 10, 0))[0]
    assert body_of(job)["event"] == "contact.identity_changed"


async def test_later_ids_of_a_joined_person_lead_to_the_older_conversation(store: Store) -> None:
    found = await bodies(
        store,
        on_whatsapp("m_1", ("wa_id", "4915")),
        on_whatsapp("m_2", ("bsuid", "DE.7")),
        on_whatsapp("m_3", ("bsuid", "DE.7"), ("wa_id", "4915")),
        on_whatsapp("m_4", ("bsuid", "DE.7")),
    )
    assert found[-1]["conversation_id"] == found[0]["conversation_id"]


async def test_a_known_number_with_another_user_id_is_somebody_new(store: Store) -> None:
    first, hint, second = await bodies(
        store,
        on_whatsapp("m_1", ("bsuid", "DE.7"), ("wa_id", "4915")),
        on_whatsapp("m_2", ("bsuid", "DE.8"), ("wa_id", "4915")),
    )
    assert hint["event"] == "contact.identity_suspected"
    assert hint["identity"]["previous_conversation_id"] == first["conversation_id"]
    assert hint["identity"]["details"] == {"previous_contact_id": FIRST}
    assert hint["contact"]["id"] == second["contact"]["id"] == SECOND
    assert second["conversation_id"] != first["conversation_id"]


async def test_a_number_that_moved_belongs_to_whom_it_came_with_last(store: Store) -> None:
    found = await bodies(
        store,
        on_whatsapp("m_1", ("bsuid", "DE.7"), ("wa_id", "4915")),
        on_whatsapp("m_2", ("bsuid", "DE.8"), ("wa_id", "4915")),
        on_whatsapp("m_3", ("wa_id", "4915")),
        on_whatsapp("m_4", ("bsuid", "DE.7")),
    )
    assert [body["contact"]["id"] for body in found[-2:]] == [SECOND, FIRST]


async def test_a_hint_about_the_same_two_people_comes_once(store: Store) -> None:
    there_and_back = [
        on_whatsapp(f"m_{n}", ("bsuid", f"DE.{7 + n % 2}"), ("wa_id", "4915")) for n in range(6)
    ]
    found = await bodies(store, *there_and_back)
    assert [body["event"] for body in found].count("contact.identity_suspected") == 1


async def test_an_announced_change_joins_what_is_known_apart(store: Store) -> None:
    old, _, change = await bodies(
        store,
        on_whatsapp("m_1", ("wa_id", "4915")),
        on_whatsapp("m_2", ("wa_id", "4916")),
        announced(wa(("wa_id", "4916"), ("wa_id", "4915"))),
    )
    assert change["event"] == "contact.identity_changed" and change["contact"]["id"] == FIRST
    assert change["conversation_id"] == old["conversation_id"]
    assert str(change["identity"]["previous_conversation_id"]).startswith("conv_wa_")


async def test_an_announced_user_id_goes_on_in_the_same_conversation(store: Store) -> None:
    old, _, new = await bodies(
        store,
        on_whatsapp("m_1", ("bsuid", "DE.7")),
        announced(wa(("bsuid", "DE.8"), ("bsuid", "DE.7"))),
        on_whatsapp("m_2", ("bsuid", "DE.8")),
    )
    assert new["conversation_id"] == old["conversation_id"]


async def test_the_latest_name_of_a_person_is_shown(store: Store) -> None:
    found = await bodies(
        store,
        message("m_1", wa(("wa_id", "4915"), name="Ada"), platform="whatsapp"),
        on_whatsapp("m_2", ("wa_id", "4915")),
        message("m_3", wa(("wa_id", "4915"), name="Ada L."), platform="whatsapp"),
    )
    assert [body["contact"]["name"] for body in found] == ["Ada", "Ada", "Ada L."]


async def test_a_person_has_one_conversation_per_page(store: Store) -> None:
    other_number = event("message.received", "m_2", "whatsapp", page_id="555002")
    first, second = await bodies(
        store, on_whatsapp("m_1", ("wa_id", "4915")), arrival(other_number, wa(("wa_id", "4915")))
    )
    assert first["contact"]["id"] == second["contact"]["id"]
    assert first["conversation_id"] != second["conversation_id"]
    assert PAGE not in (first["page_id"], second["page_id"])
