"""Order repair: an edit or deletion that comes before its message waits for it, and nothing else waits."""

import pytest

from gateway.store.base import HELD_MS, Store
from gateway.store.records import EventFilter, PageRequest
from tests.store.conftest import OpenStore
from tests.store.samples import NOW, body_of, claimed, edit, endpoint, message, psid, queued, reaction

pytestmark = pytest.mark.anyio


async def told(store: Store) -> list[tuple[object, ...]]:
    """Name and number of every event in order, and what it says of its target."""
    page = await store.events(None, EventFilter(), PageRequest(ascending=True))
    bodies = [body_of(one) for one in page.data]
    return [
        (body["event"], body["sequence"], body.get("message", body.get("reaction", {})).get("target"))
        for body in bodies
        if body["event"] != "conversation.started"
    ]


@pytest.mark.parametrize("name", ["message.edited", "message.deleted"])
async def test_a_change_before_its_message_is_delivered_right_after_it(store: Store, name: str) -> None:
    (early,) = await store.accept([edit("m_1", name=name)])
    assert early.state == "held" and await store.event(None, early.event_id) is None
    await store.accept([message("m_1")])
    assert await told(store) == [
        ("message.received", 2, None),
        (name, 3, {"message_id": "m_1", "known": True}),
    ]


async def test_a_held_change_gives_up_after_five_seconds(store: Store) -> None:
    await store.accept([edit("m_1", routes=queued("ep_1"))])
    assert await store.release_held(NOW + HELD_MS - 1) == []
    (released,) = await store.release_held(NOW + HELD_MS)
    assert released.state == "stored" and released.waiting == ("ep_1",)
    assert await told(store) == [("message.edited", 1, {"message_id": "m_1", "known": False})]
    assert await store.release_held(NOW + HELD_MS) == []


async def test_what_is_held_survives_a_restart(open_store: OpenStore) -> None:
    store = await open_store()
    await store.put_endpoint(endpoint())
    (early,) = await store.accept([edit("m_1", routes=claimed("ep_1"))])
    await store.close()
    store = await open_store()
    (message_admission,) = await store.accept([message("m_1", routes=claimed("ep_1"))])
    assert [job.event_id for job in message_admission.jobs] == [message_admission.event_id]
    stored = await store.event(None, early.event_id)
    assert stored is not None and body_of(stored)["message"]["target"]["known"]


async def test_a_held_change_that_comes_again_is_a_duplicate(store: Store) -> None:
    states = [(await store.accept([edit("m_1")]))[0].state for _ in range(2)]
    assert states == ["held", "duplicate"]


async def test_message_and_change_in_one_envelope_in_the_wrong_order(store: Store) -> None:
    admissions = await store.accept([edit("m_1"), message("m_1")])
    assert [one.state for one in admissions] == ["held", "stored"]
    assert [name for name, *_ in await told(store)] == ["message.received", "message.edited"]


async def test_two_changes_of_one_message_keep_their_order(store: Store) -> None:
    await store.accept([edit("m_1"), edit("m_1", name="message.deleted")])
    await store.accept([message("m_1")])
    assert [name for name, *_ in await told(store)] == [
        "message.received",
        "message.edited",
        "message.deleted",
    ]


async def test_what_waits_holds_up_nobody(store: Store) -> None:
    await store.accept([edit("m_1"), message("m_2")])
    await store.release_held(NOW + HELD_MS)
    assert [name for name, *_ in await told(store)] == ["message.received", "message.edited"]


async def test_a_change_of_a_known_message_does_not_wait(store: Store) -> None:
    admissions = await store.accept([message("m_1"), edit("m_1")])
    assert [one.state for one in admissions] == ["stored", "stored"]


async def test_a_message_of_another_conversation_is_not_the_one(store: Store) -> None:
    await store.accept([message("m_1", psid("2002"))])
    (admission,) = await store.accept([edit("m_1")])
    assert admission.state == "held"


@pytest.mark.parametrize("known", [True, False])
async def test_a_reaction_and_a_change_by_the_business_never_wait(store: Store, known: bool) -> None:
    before = [message("m_1")] if known else []
    own = edit("m_1", direction="outbound")
    admissions = await store.accept([*before, reaction("m_1"), own])
    assert {one.state for one in admissions} == {"stored"}
    targets = [target for _, _, target in await told(store) if target is not None]
    assert targets == [{"message_id": "m_1", "known": known}] * 2


async def test_the_deliveries_of_a_released_change_follow_its_messages(store: Store) -> None:
    await store.accept([edit("m_1", routes=claimed("ep_1"))])
    (admission,) = await store.accept([message("m_1", routes=claimed("ep_1"))])
    assert [body_of(job)["event"] for job in admission.jobs] == ["message.received"]
    assert admission.waiting == ()
