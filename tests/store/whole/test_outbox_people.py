"""Who is behind a recipient's id, and the conversations that a customer may write into."""

import pytest
from msgspec.structs import replace

from adapters.base import Identity
from adapters.outgoing import Recipient
from gateway.store.base import Store
from gateway.store.outgoing import ConversationFilter, StoredConversation
from gateway.store.records import Account, Customer, PageRequest
from tests.store.people import on_whatsapp
from tests.store.samples import NOW, NUMBER, PAGE, WABA, announced, event, message, psid, wa
from tests.store.samples import arrival as arriving

pytestmark = pytest.mark.anyio

OTHER_PAGE = "1002"


def person(value: str = "2001") -> Recipient:
    return Recipient(kind="psid", value=value)


def account(page_id: str, customer_id: str = "default", platform: str = "facebook") -> Account:
    return Account(
        id=f"acc_{page_id}", customer_id=customer_id, platform=platform, page_id=page_id, created_at=NOW
    )


async def conversations(
    store: Store, customer_id: str | None = None, **fields: str
) -> list[StoredConversation]:
    page = await store.outbox.conversations(customer_id, ConversationFilter(**fields), PageRequest())
    return list(page.data)


async def test_of_a_stranger_nothing_is_known(store: Store) -> None:
    found = await store.outbox.addressee("facebook", PAGE, person())
    assert (found.to, found.identity, found.conversation_id, found.scopes) == (person(), None, None, ())


async def test_of_who_has_written_the_conversation_and_the_moment_are_known(store: Store) -> None:
    await store.accept([message()])
    found = await store.outbox.addressee("facebook", PAGE, person())
    (conversation,) = await conversations(store)
    assert found.identity == Identity("psid", "2001", PAGE)
    assert (found.conversation_id, found.last_inbound_at) == (conversation.id, NOW)


async def test_an_id_of_another_page_says_which(store: Store) -> None:
    await store.accept([message()])
    found = await store.outbox.addressee("facebook", OTHER_PAGE, person())
    assert (found.identity, found.conversation_id, found.scopes) == (None, None, (PAGE,))


async def test_the_same_id_on_another_platform_is_somebody_else(store: Store) -> None:
    await store.accept([message()])
    found = await store.outbox.addressee("instagram", PAGE, Recipient(kind="igsid", value="2001"))
    assert (found.identity, found.scopes) == (None, ())


@pytest.mark.parametrize(("kind", "value"), [("wa_id", "4915"), ("phone", "+49 15")])
async def test_a_number_is_known_by_its_digits(store: Store, kind: str, value: str) -> None:
    await store.accept([on_whatsapp("m_1", ("wa_id", "4915"), ("bsuid", "DE.7"))])
    to = Recipient(kind=kind, value=value)  # type: ignore[arg-type]
    found = await store.outbox.addressee("whatsapp", NUMBER, to)
    assert found.identity == Identity("wa_id", "4915", WABA)
    assert found.conversation_id is not None


async def test_who_has_written_to_another_number_is_a_stranger_to_this_one(store: Store) -> None:
    await store.accept([on_whatsapp("m_1", ("wa_id", "4915"))])
    found = await store.outbox.addressee("whatsapp", "555002", Recipient(kind="wa_id", value="4915"))
    assert (found.identity, found.conversation_id) == (None, None)


async def test_a_group_is_known_by_its_thread(store: Store) -> None:
    await store.accept([arriving(event("message.received", "m_g"), psid("2001"), thread="t_1")])
    found = await store.outbox.addressee("facebook", PAGE, Recipient(kind="group", value="t_1"))
    (conversation,) = await conversations(store)
    assert found.conversation_id == conversation.id
    assert (conversation.group_id, conversation.contact) == ("t_1", None)


async def test_a_conversation_tells_with_whom_and_how_far(store: Store) -> None:
    await store.accept([message("m_1"), message("m_2")])
    (shown,) = await conversations(store)
    assert (shown.platform, shown.page_id, shown.last_inbound_at) == ("facebook", PAGE, NOW)
    assert shown.contact is not None and shown.sequence == 3  # `conversation.started` counts
    assert [one.value for one in shown.contact.identities] == ["2001"]
    assert await store.outbox.conversation(None, shown.id) == shown
    assert await store.outbox.conversation(None, "cnv_of_nobody") is None


async def test_conversations_are_listed_page_by_page_newest_first(store: Store) -> None:
    for number in range(5):
        await store.accept([message(f"m_{number}", psid(f"200{number}"), at=NOW + number)])
    found: list[str] = []
    request = PageRequest(limit=2)
    while True:
        page = await store.outbox.conversations(None, ConversationFilter(), request)
        found += [one.contact.identities[0].value for one in page.data if one.contact is not None]
        if page.next_cursor is None:
            break
        request = PageRequest(limit=2, cursor=page.next_cursor)
    assert found == ["2004", "2003", "2002", "2001", "2000"]


async def test_a_customer_sees_the_conversations_of_its_own_pages(store: Store) -> None:
    await store.put_customer(Customer(id="cus_other", name="Other", created_at=NOW))
    await store.put_account(account(PAGE))
    await store.put_account(account(NUMBER, "cus_other", "whatsapp"))
    await store.accept([message()])
    await store.accept([on_whatsapp("m_2", ("wa_id", "4915"))])
    (mine,) = await conversations(store, "default")
    (theirs,) = await conversations(store, "cus_other")
    assert (mine.page_id, theirs.page_id) == (PAGE, NUMBER)
    assert await store.outbox.conversation("default", theirs.id) is None
    assert await conversations(store, "default", platform="whatsapp") == []
    assert [one.id for one in await conversations(store, platform="whatsapp")] == [theirs.id]
    assert [one.id for one in await conversations(store, page_id=PAGE)] == [mine.id]


async def test_of_two_conversations_that_are_one_the_older_is_shown(store: Store) -> None:
    await store.accept([on_whatsapp("m_1", ("wa_id", "4915"))])
    (older,) = await conversations(store)
    await store.accept([on_whatsapp("m_2", ("bsuid", "DE.7"), at=NOW + 1)])
    (newer, _) = await conversations(store)
    await store.accept([on_whatsapp("m_3", ("bsuid", "DE.7"), ("wa_id", "4915"), at=NOW + 2)])
    (shown,) = await conversations(store)
    assert shown.id == older.id
    assert await store.outbox.conversation(None, newer.id) is None
    assert shown.contact is not None
    assert {one.value for one in shown.contact.identities} == {"4915", "DE.7"}


async def test_a_number_that_was_given_up_is_no_address(store: Store) -> None:
    await store.accept([on_whatsapp("m_1", ("wa_id", "4914"))])
    moved = replace(wa(("wa_id", "4915"), ("wa_id", "4914")), former=(Identity("wa_id", "4914", WABA),))
    await store.accept([announced(moved)])
    (shown,) = await conversations(store)
    assert shown.contact is not None
    assert [one.value for one in shown.contact.identities] == ["4915"]
