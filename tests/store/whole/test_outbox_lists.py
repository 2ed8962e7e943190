"""Lists of messages: who sees which, filtered, page by page; and what is kept apart by page."""

import pytest

from gateway.store.base import Store
from gateway.store.errors import InvalidCursor
from gateway.store.outgoing import ConversationFilter, MessageFilter
from gateway.store.records import PageRequest
from tests.store.samples import NOW, message, psid
from tests.store.whole.outgoing import begun, finish, outgoing

pytestmark = pytest.mark.anyio

ALL = MessageFilter()
_ANY = ConversationFilter()
LATER = NOW + 60_000


async def ids(store: Store, customer_id: str | None = None, **fields: object) -> list[str]:
    """All that fit, newest first."""
    page = await store.outbox.messages(customer_id, MessageFilter(**fields), PageRequest())  # type: ignore[arg-type]
    return [one.message.id for one in page.data]


async def test_messages_are_listed_newest_first(store: Store) -> None:
    for number in range(3):
        await store.outbox.add(outgoing(f"msg_{number}", page_id=str(1000 + number), created_at=NOW + number))
    assert await ids(store) == ["msg_2", "msg_1", "msg_0"]


@pytest.mark.parametrize("ascending", [False, True])
async def test_pages_follow_each_other_without_a_gap(store: Store, ascending: bool) -> None:
    for number in range(7):
        await store.outbox.add(outgoing(f"msg_{number}", page_id=str(1000 + number), created_at=NOW + number))
    found: list[str] = []
    request = PageRequest(limit=2, ascending=ascending)
    while True:
        page = await store.outbox.messages(None, ALL, request)
        found += [one.message.id for one in page.data]
        if page.next_cursor is None:
            break
        request = PageRequest(limit=2, ascending=ascending, cursor=page.next_cursor)
    expected = [f"msg_{number}" for number in range(7)]
    assert found == (expected if ascending else expected[::-1])


async def test_what_is_no_cursor_is_refused(store: Store) -> None:
    with pytest.raises(InvalidCursor):
        await store.outbox.messages(None, ALL, PageRequest(cursor="x"))


async def test_customers_see_their_own(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await store.outbox.add(outgoing("msg_2", customer_id="cus_other", to="2002"))
    assert await ids(store, "default") == ["msg_1"]
    assert await ids(store, "cus_other") == ["msg_2"]
    assert await store.outbox.message("default", "msg_2") is None
    assert await store.outbox.message("cus_other", "msg_2") is not None
    assert await store.outbox.message(None, "msg_of_nobody") is None


async def test_messages_are_found_by_page_and_by_platform(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await store.outbox.add(outgoing("msg_2", page_id="1002", created_at=LATER))
    await store.outbox.add(outgoing("msg_3", platform="instagram", page_id="1002", created_at=LATER + 1))
    assert await ids(store, page_id="1002") == ["msg_3", "msg_2"]
    assert await ids(store, platform="facebook") == ["msg_2", "msg_1"]
    assert await ids(store, platform="instagram", page_id="1001") == []


async def test_messages_are_found_by_what_became_of_them(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await finish(store, await begun(store), "accepted")
    await store.outbox.add(outgoing("msg_2"))
    assert await ids(store, state="sent") == ["msg_1"]
    assert await ids(store, state="queued") == ["msg_2"]
    assert await ids(store, state="failed") == []


async def test_messages_are_found_by_their_time(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await store.outbox.add(outgoing("msg_2", to="2002", created_at=LATER))
    assert await ids(store, since=LATER) == ["msg_2"]
    assert await ids(store, until=LATER) == ["msg_1"]
    assert await ids(store, since=NOW, until=LATER + 1) == ["msg_2", "msg_1"]


async def test_a_message_is_in_its_conversation_as_soon_as_it_is_known(store: Store) -> None:
    await store.accept([message("m_1", psid("2001"))])
    (conversation,) = (await store.outbox.conversations(None, _ANY, PageRequest())).data
    await store.outbox.add(outgoing("msg_1", conversation_id=conversation.id, line=conversation.id))
    assert await ids(store, conversation_id=conversation.id) == ["msg_1"]


async def test_a_message_to_a_stranger_is_in_the_conversation_that_it_begins(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await finish(store, await begun(store), "accepted")
    (conversation,) = (await store.outbox.conversations(None, _ANY, PageRequest())).data
    shown = await store.outbox.message(None, "msg_1")
    assert shown is not None and shown.conversation_id == conversation.id
    assert await ids(store, conversation_id=conversation.id) == ["msg_1"]
