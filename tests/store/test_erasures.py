"""Who is erased is gone; who is not, is not."""

import pytest

from adapters.base import Identity, Person, Quarantined
from gateway.store.base import Store
from gateway.store.contact import ContactFilter
from gateway.store.erasure import ErasurePlan
from gateway.store.keyed import KeyedAnswer, KeyedRequest
from gateway.store.records import DeliveryFilter, EventFilter, PageRequest
from tests.store.conftest import OpenStore
from tests.store.erasures import LIMIT, begin, by, carry_on, erase
from tests.store.samples import (
    NOW,
    NUMBER,
    PAGE,
    WABA,
    arrival,
    body_of,
    claimed,
    edit,
    event,
    message,
    psid,
    queued,
    succeeded,
    wa,
)
from tests.store.test_contacts import OTHER_NUMBER, connect, write_to_both_numbers

pytestmark = pytest.mark.anyio

ALL = PageRequest(limit=100)
PERSON = by("psid", "3001", PAGE)


async def senders(store: Store) -> list[str]:
    """Whose events there are, oldest first."""
    page = await store.events(None, EventFilter(), PageRequest(limit=100, ascending=True))
    return [body_of(one)["contact"]["identities"][0]["value"] for one in page.data]


async def test_all_events_of_a_person_go_and_those_of_others_stay(store: Store) -> None:
    await store.accept([message(f"m_{n}", psid(("3001", "2002")[n % 2])) for n in range(10)])
    step = await erase(store, PERSON)
    assert set(await senders(store)) == {"2002"}
    assert step.erasure.state == "done" and step.erasure.erased == 6
    assert step.customer_ids == () and step.contact_id is not None


async def test_what_the_platform_sends_again_stays_erased(store: Store) -> None:
    await store.accept([message(person=psid("3001"))])
    await erase(store, PERSON)
    (again,) = await store.accept([message(person=psid("3001"))])
    assert again.state == "duplicate"
    assert await senders(store) == []


async def test_who_comes_back_is_somebody_new_in_another_conversation(store: Store) -> None:
    await store.accept([message(person=psid("3001"))])
    (before,) = (await store.people.contacts(None, ContactFilter(), ALL)).data
    await erase(store, PERSON)
    await store.accept([message("m_2", psid("3001"))])
    (after,) = (await store.people.contacts(None, ContactFilter(), ALL)).data
    assert after.id != before.id
    assert after.conversations[0].id != before.conversations[0].id
    (started, first) = (await store.events(None, EventFilter(), ALL)).data[::-1]
    assert (body_of(started)["sequence"], body_of(first)["sequence"]) == (1, 2)


async def test_who_comes_back_meanwhile_is_not_erased(store: Store) -> None:
    await store.accept([message(person=psid("3001"))])
    await begin(store, PERSON)
    await store.accept([message("m_2", psid("3001"))])
    await carry_on(store)
    assert await senders(store) == ["3001", "3001"]


async def test_the_same_digits_on_another_page_are_somebody_else(store: Store) -> None:
    there = event("message.received", "m_2", page_id="1002")
    person = Person(identities=(Identity("psid", "3001", "1002"),))
    await store.accept([message(person=psid("3001")), arrival(there, person)])
    await erase(store, PERSON)
    (left,) = (await store.events(None, EventFilter(event="message.received"), ALL)).data
    assert body_of(left)["page_id"] == "1002"


async def test_a_group_keeps_what_others_said(store: Store) -> None:
    said = [
        message(f"m_{n}", wa(("wa_id", value)), platform="whatsapp", thread="group-1")
        for n, value in enumerate(("4915", "4916", "4915"))
    ]
    await store.accept(said)
    await erase(store, by("wa_id", "4915", WABA, "whatsapp"))
    page = await store.events(None, EventFilter(event="message.received"), ALL)
    assert [body_of(one)["message"]["id"] for one in page.data] == ["m_1"]


async def test_deliveries_end_and_an_answer_under_way_is_not_kept(store: Store) -> None:
    (stored,) = await store.accept([message("m_1", psid("3001"), routes=claimed("ep_1"))])
    await store.accept([message("m_2", psid("2002"), routes=queued("ep_1"))])
    await erase(store, PERSON)
    (settled,) = await store.finish([succeeded(stored.jobs[0])])
    assert not settled.moved
    assert await store.attempts(None, stored.jobs[0].delivery_id) is None
    (left,) = (await store.deliveries(None, DeliveryFilter(), ALL)).data
    assert left.event_id != stored.event_id


async def test_what_is_held_or_quarantined_or_answered_goes_too(store: Store) -> None:
    await store.accept([message(person=psid("3001")), edit("m_unknown", psid("3001"))])
    bodies = [b"not json, from 3001", b"not json, from 13001", b"{"]
    await store.quarantine(
        "facebook", NOW, [Quarantined(reason="not_json", pointer="", body=body) for body in bodies]
    )
    request = KeyedRequest(key=b"k" * 32, fingerprint=b"f" * 32)
    await store.begin_keyed(request, NOW)
    await store.end_keyed(request, KeyedAnswer(status=200, media_type=None, body=b'{"to":"3001"}'))
    await erase(store, PERSON)
    assert await store.release_held(NOW + 60_000) == []
    assert [one.body for one in (await store.quarantined(ALL)).data] == bodies[:0:-1]
    earlier = await store.begin_keyed(request, NOW)
    assert earlier is not None and earlier.answer is None


async def test_a_customer_erases_its_own_side_only(store: Store) -> None:
    await connect(store)
    await write_to_both_numbers(store)
    (contact,) = (await store.people.contacts("default", ContactFilter(), ALL)).data
    plan = ErasurePlan(platform="whatsapp", contact_id=contact.id, customer_id="default")
    step = await erase(store, plan)
    assert step.customer_ids == ("default",)
    assert (await store.people.contacts("default", ContactFilter(), ALL)).data == ()
    (left,) = (await store.people.contacts("cus_other", ContactFilter(), ALL)).data
    assert [one.page_id for one in left.conversations] == [OTHER_NUMBER] and left.name == "Ada"
    pages = {body_of(one)["page_id"] for one in (await store.events(None, EventFilter(), ALL)).data}
    assert NUMBER not in pages and OTHER_NUMBER in pages


async def test_an_erasure_goes_on_after_a_restart(open_store: OpenStore) -> None:
    first = await open_store()
    await first.accept([message(f"m_{n}", psid("3001")) for n in range(8)])
    await begin(first, PERSON)
    await first.people.advance_erasure(3, NOW)
    await first.close()
    second = await open_store()
    step = await carry_on(second)
    assert step.erasure.erased == 9
    assert await senders(second) == []


async def test_an_app_scoped_id_that_nobody_is_known_by_waits(store: Store) -> None:
    await store.accept([message(person=psid("3001"))])
    plan = by("asid", "77", "2210")
    assert (await begin(store, plan)).state == "parked"
    assert await store.people.advance_erasure(3, NOW) is None
    assert await store.people.parked() == (("facebook", plan.identity),)
    (contact,) = (await store.people.contacts(None, ContactFilter(), ALL)).data
    assert plan.identity is not None
    await store.people.resolve_parked("facebook", plan.identity, contact.id)
    await carry_on(store)
    assert await senders(store) == []
    assert await store.people.parked() == ()
    shown = await store.people.erasure("code-1")
    assert shown is not None and shown.state == "done"


async def test_the_last_step_comes_again_until_all_have_been_told(store: Store) -> None:
    await store.accept([message(person=psid("3001"))])
    await begin(store, PERSON)
    while (step := await store.people.advance_erasure(LIMIT, NOW)) is not None and not step.done:
        pass
    assert step is not None and await store.people.advance_erasure(LIMIT, NOW) == step
    assert await store.people.end_erasure(step.erasure.id, NOW) is not None
    assert await store.people.end_erasure(step.erasure.id, NOW) is None
    assert await store.people.advance_erasure(LIMIT, NOW) is None


async def test_nobody_is_erased_whom_nobody_knows(store: Store) -> None:
    await store.accept([message(person=psid("3001"))])
    step = await erase(store, by("psid", "9999", PAGE))
    assert step.erasure.erased == 0
    assert await store.people.erasure("no such code") is None
