"""Conversations: one per page and person or group, numbers without gaps, begun once, with a window."""

import pytest

from adapters._identifiers import conversation_id
from adapters.parts import Comment, Postback
from gateway.store.base import Store
from gateway.store.records import Arrival, EventFilter, PageRequest
from tests.store.conftest import OpenStore
from tests.store.samples import (
    NOW,
    NUMBER,
    PAGE,
    arrival,
    body_of,
    event,
    message,
    psid,
    queued,
    reaction,
    status,
    wa,
)

pytestmark = pytest.mark.anyio


async def bodies(store: Store) -> list[dict[str, object]]:
    """All events, oldest first."""
    page = await store.events(None, EventFilter(), PageRequest(ascending=True, limit=200))
    return [body_of(one) for one in page.data]


async def accepted(store: Store, *arrivals: Arrival) -> list[dict[str, object]]:
    """Take them in one by one; all events then."""
    for one in arrivals:
        await store.accept([one])
    return await bodies(store)


async def test_numbers_have_no_gaps_and_belong_to_a_conversation(store: Store) -> None:
    others = [message(f"m_{n}", psid(person)) for n, person in enumerate(("2001", "2002", "2001", "2001"))]
    found = await accepted(store, *others)
    numbers: dict[object, list[object]] = {}
    for body in found:
        numbers.setdefault(body["from"] and body["conversation_id"], []).append(body["sequence"])
    assert sorted(numbers.values(), key=len) == [[1, 2], [1, 2, 3, 4]]


async def test_numbers_go_on_after_a_restart(open_store: OpenStore) -> None:
    store = await open_store()
    await store.accept([message("m_1")])
    await store.close()
    store = await open_store()
    await store.accept([message("m_2")])
    assert [body["sequence"] for body in await bodies(store)] == [1, 2, 3]


async def test_a_conversations_id_comes_from_the_first_identity(store: Store) -> None:
    (_, body) = await accepted(store, message())
    assert body["conversation_id"] == conversation_id("facebook", PAGE, "psid", "2001")


async def test_a_whatsapp_conversation_prefers_the_user_id_over_the_number(store: Store) -> None:
    person = wa(("bsuid", "DE.77"), ("wa_id", "4915"))
    (_, body) = await accepted(store, message("m_1", person, platform="whatsapp"))
    assert body["conversation_id"] == conversation_id("whatsapp", NUMBER, "bsuid", "DE.77")


async def test_a_group_has_one_conversation_and_many_contacts(store: Store) -> None:
    found = await accepted(
        store, message("m_1", psid("2001"), thread="g_1"), message("m_2", psid("2002"), thread="g_1")
    )
    assert {body["conversation_id"] for body in found} == {conversation_id("facebook", PAGE, "group", "g_1")}
    assert len({str(body["contact"]) for body in found}) == 2


@pytest.mark.parametrize(("direction", "started_by"), [("inbound", "contact"), ("outbound", "business")])
async def test_a_conversation_starts_once_just_before_its_first_message(
    store: Store, direction: str, started_by: str
) -> None:
    name = "message.received" if direction == "inbound" else "message.echo"
    first = message("m_1", name=name, direction=direction)
    found = await accepted(store, first, message("m_2"))
    assert [body["event"] for body in found] == ["conversation.started", name, "message.received"]
    assert found[0]["conversation"] == {"started_by": started_by}
    assert found[0]["timestamp"] == found[1]["timestamp"] and "signature_verified" not in found[0]


async def test_a_started_event_goes_to_its_own_routes(store: Store) -> None:
    first = message(routes=queued("ep_1"), started_routes=queued("ep_1"))
    (admission,) = await store.accept([first])
    jobs, _ = await store.claim("ep_1", NOW, 20_000, 10, 10)
    assert admission.waiting == ("ep_1",)
    assert [body_of(job)["event"] for job in jobs] == ["conversation.started"]


async def test_a_status_or_reaction_starts_no_conversation_but_a_postback_does(store: Store) -> None:
    tap = arrival(event("postback.received", "tap", postback=Postback(title="Go")), psid("2001"))
    found = await accepted(store, status(1, "m_9"), reaction("m_9"), tap)
    names = [body["event"] for body in found]
    assert names == ["status.update", "reaction.added", "conversation.started", "postback.received"]
    assert [body["sequence"] for body in found] == [1, 2, 3, 4]


async def test_a_comment_has_no_conversation(store: Store) -> None:
    comment = event("comment.received", "c_1", comment=Comment(id="c_1", text="nice"))
    (body,) = await accepted(store, arrival(comment, psid("2001")))
    assert not body.keys() & {"conversation_id", "sequence", "contact"}


async def test_imported_history_has_a_conversation_but_no_number(store: Store) -> None:
    old = event("history.imported", "h_1", "whatsapp", history={"change": "message"})
    found = await accepted(
        store, arrival(old, wa(("wa_id", "4915"))), message("m_1", wa(("wa_id", "4915")), platform="whatsapp")
    )
    assert [body.get("sequence") for body in found] == [None, 1, 2]
    assert len({body["conversation_id"] for body in found}) == 1


@pytest.mark.parametrize(
    ("platform", "person", "human_agent"),
    [("facebook", psid("2001"), 7 * 86_400), ("whatsapp", wa(("wa_id", "4915")), None)],
)
async def test_the_window_opens_with_the_contacts_act(
    store: Store, platform: str, person: object, human_agent: int | None
) -> None:
    acted = NOW - 3_600_000
    sent = message("m_1", person, platform=platform, timestamp_ms=acted)  # type: ignore[arg-type]
    (_, body) = await accepted(store, sent)
    until = None if human_agent is None else acted // 1000 + human_agent
    assert body["window"] == {"free_form_until": acted // 1000 + 86_400, "human_agent_until": until}


async def test_a_status_shows_the_window_and_does_not_prolong_it(store: Store) -> None:
    found = await accepted(store, message(timestamp_ms=NOW - 5_000), status(1, "m_9", at=NOW + 9_000))
    assert found[-1]["window"] == found[-2]["window"]


async def test_an_outbound_event_and_an_unknown_person_show_no_window(store: Store) -> None:
    found = await accepted(
        store, status(1, "m_9"), message(), message("m_2", name="message.echo", direction="outbound")
    )
    assert "window" not in found[0] and "window" not in found[-1]


async def test_the_window_survives_a_restart(open_store: OpenStore) -> None:
    store = await open_store()
    await store.accept([message()])
    await store.close()
    found = await accepted(await open_store(), status(1, "m_9"))
    assert found[-1]["window"] == found[-2]["window"]
