"""Taking in: each element once, all or nothing, with the platform's bytes."""

import asyncio

import msgspec
import pytest

from adapters.base import Quarantined
from adapters.message import Message
from gateway.store.base import Store
from gateway.store.records import EventFilter, PageRequest
from tests.store.conftest import OpenStore
from tests.store.samples import DAY, NOW, PAGE, arrival, body_of, event, message, psid

pytestmark = pytest.mark.anyio


async def test_an_element_becomes_an_event_with_the_stores_keys(store: Store) -> None:
    (admission,) = await store.accept([message()])
    stored = await store.event("default", admission.event_id)
    assert admission.state == "stored"
    assert stored is not None and stored.customer_ids == ("default",) and stored.received_at == NOW
    body = body_of(stored)
    # `conversation.started` took number 1.
    assert body["sequence"] == 2 and body["received_at_ms"] == NOW
    assert body["contact"] == {
        "id": "usr_00000000-0000-0000-0000-000000000001",
        "identities": [{"kind": "psid", "value": "2001", "scope": PAGE}],
    }
    assert body["conversation_id"].startswith("conv_fb_")


async def test_the_adapters_bytes_are_kept_as_they_are(store: Store) -> None:
    sent = message()
    (admission,) = await store.accept([sent])
    stored = await store.event("default", admission.event_id)
    assert stored is not None and stored.body.startswith(sent.body[:-1] + b",")


async def test_an_event_that_comes_again_is_a_duplicate(store: Store) -> None:
    await store.accept([message()])
    (again,) = await store.accept([message(at=NOW + 7 * DAY)])
    assert again.state == "duplicate" and not again.jobs and not again.waiting
    assert len((await store.events(None, EventFilter(event="message.received"), PageRequest())).data) == 1


async def test_an_event_twice_in_one_envelope_is_stored_once(store: Store) -> None:
    states = [admission.state for admission in await store.accept([message(), message()])]
    assert states == ["stored", "duplicate"]


async def test_duplicates_are_known_after_a_restart(open_store: OpenStore) -> None:
    store = await open_store()
    await store.accept([message()])
    await store.close()
    (again,) = await (await open_store()).accept([message()])
    assert again.state == "duplicate"


async def test_a_standby_copy_after_the_owners_copy_is_dropped(store: Store) -> None:
    (owner,) = await store.accept([message()])
    copy = arrival(
        event("message.received", "standby m_1", standby=True), psid("2001"), owner_id=owner.event_id
    )
    first, second = (await store.accept([copy]))[0], (await store.accept([copy]))[0]
    assert (first.state, second.state) == ("duplicate", "duplicate")
    assert await store.event(None, first.event_id) is None


async def test_a_standby_copy_before_the_owners_copy_is_stored(store: Store) -> None:
    owner = message()
    seen = event("message.received", "standby m_1", standby=True)
    copy = arrival(seen, psid("2001"), owner_id=owner.decoded.event.id)
    assert [one.state for one in await store.accept([copy, owner])] == ["stored", "stored"]


async def test_the_raw_element_is_kept_byte_for_byte(store: Store) -> None:
    sent = message()
    (admission,) = await store.accept([sent])
    raw = await store.raw("default", admission.event_id)
    assert raw is not None and raw.envelope == sent.decoded.envelope
    start, end = raw.element
    assert msgspec.json.decode(raw.envelope[start:end])["id"] == admission.event_id


async def test_a_derived_event_has_no_raw_element(store: Store) -> None:
    await store.accept([message()])
    (started,) = (await store.events(None, EventFilter(event="conversation.started"), PageRequest())).data
    assert await store.raw(None, started.id) is None


async def test_an_element_of_an_unconnected_page_is_the_operators(store: Store) -> None:
    (admission,) = await store.accept([message(customer_ids=())])
    (unrouted, _) = (await store.events(None, EventFilter(unrouted=True), PageRequest())).data
    assert unrouted.id == admission.event_id and unrouted.customer_ids == ()
    assert await store.event("default", admission.event_id) is None
    assert not (await store.events("default", EventFilter(unrouted=True), PageRequest())).data


async def test_one_element_that_cannot_be_stored_undoes_its_whole_request(store: Store) -> None:
    broken = msgspec.structs.replace(message("m_2"), received_at="soon")
    with pytest.raises(TypeError):
        await store.accept([message("m_1"), broken])
    assert [one.state for one in await store.accept([message("m_1")])] == ["stored"]


async def test_a_request_that_fails_takes_no_other_with_it(store: Store) -> None:
    broken = msgspec.structs.replace(message("m_bad"), received_at="soon")
    requests = [store.accept([broken if n == 3 else message(f"m_{n}")]) for n in range(8)]
    answers = await asyncio.gather(*requests, return_exceptions=True)
    assert [isinstance(answer, TypeError) for answer in answers] == [n == 3 for n in range(8)]
    page = await store.events(None, EventFilter(), PageRequest(ascending=True))
    assert [body_of(one)["sequence"] for one in page.data] == list(range(1, 9))


async def test_a_test_event_makes_no_contact_and_no_conversation(store: Store) -> None:
    trial = event("message.received", "m_test", test=True, message=Message(id="m_test", type="text"))
    (admission,) = await store.accept([arrival(trial, psid("2001"), opens_window=True)])
    stored = await store.event("default", admission.event_id)
    assert stored is not None
    assert not body_of(stored).keys() & {"conversation_id", "sequence", "contact", "window"}


async def test_unreadable_bytes_are_kept(store: Store) -> None:
    items = [
        Quarantined(reason="not_json", pointer="", body=b"{"),
        Quarantined(reason="x", pointer="/1", body=b""),
    ]
    await store.quarantine("facebook", NOW, items)
    first = await store.quarantined(PageRequest(limit=1, ascending=True))
    second = await store.quarantined(PageRequest(ascending=True, cursor=first.next_cursor))
    kept = [*first.data, *second.data]
    assert [(one.reason, one.pointer, one.body) for one in kept] == [("not_json", "", b"{"), ("x", "/1", b"")]
    assert second.next_cursor is None and kept[0].id != kept[1].id
