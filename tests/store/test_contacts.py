"""What every store knows of people, and to whom it tells it."""

import pytest

from adapters.base import Identity
from gateway.store.base import Store
from gateway.store.contact import ContactFilter, KnownContact
from gateway.store.contacts import IdentityTaken, Unmergeable
from gateway.store.records import Account, Customer, PageRequest
from tests.store.samples import NOW, NUMBER, PAGE, WABA, arrival, event, message, psid, wa

pytestmark = pytest.mark.anyio

ALL = PageRequest()
OTHER_NUMBER = "555002"


def account(page_id: str, customer_id: str = "default", platform: str = "facebook") -> Account:
    return Account(
        id=f"acc_{page_id}", customer_id=customer_id, platform=platform, page_id=page_id, created_at=NOW
    )


async def connect(store: Store) -> None:
    """A Page of `default`; two numbers in one WABA, the second of another customer."""
    await store.put_customer(Customer(id="cus_other", name="Other", created_at=NOW))
    await store.put_account(account(PAGE))
    await store.put_account(account(NUMBER, platform="whatsapp"))
    await store.put_account(account(OTHER_NUMBER, "cus_other", "whatsapp"))


async def found(store: Store, customer_id: str | None = None, **which: object) -> list[KnownContact]:
    return list((await store.people.contacts(customer_id, ContactFilter(**which), ALL)).data)  # type: ignore[arg-type]


async def write_to_both_numbers(store: Store) -> None:
    person = wa(("wa_id", "4915"), name="Ada")
    there = event("message.received", "m_2", "whatsapp", page_id=OTHER_NUMBER)
    await store.accept([message("m_1", person, platform="whatsapp"), arrival(there, person)])


async def test_a_contact_is_found_by_any_of_its_identities(store: Store) -> None:
    await connect(store)
    await store.accept([message("m_1", wa(("bsuid", "DE.7"), ("wa_id", "4915")), platform="whatsapp")])
    await store.accept([message("m_2", psid("2001"))])
    for value in ("DE.7", "4915"):
        (contact,) = await found(store, "default", identity=value)
        assert {one.value for one in contact.identities} == {"DE.7", "4915"}
        assert contact.platform == "whatsapp"
    assert await found(store, "default", identity="491") == []
    assert await found(store, "default", identity="4915", kind="psid") == []


async def test_contacts_come_newest_first_in_pages(store: Store) -> None:
    await connect(store)
    await store.accept([message(f"m_{n}", psid(f"200{n}")) for n in range(5)])
    for customer_id in (None, "default"):
        first = await store.people.contacts(customer_id, ContactFilter(), PageRequest(limit=3))
        after = PageRequest(limit=3, cursor=first.next_cursor)
        rest = await store.people.contacts(customer_id, ContactFilter(), after)
        values = [contact.identities[0].value for contact in (*first.data, *rest.data)]
        assert values == ["2004", "2003", "2002", "2001", "2000"]
        assert rest.next_cursor is None


async def test_contacts_are_filtered(store: Store) -> None:
    await connect(store)
    await store.accept([message("m_1", psid("2001"))])
    await store.accept([message("m_2", wa(("wa_id", "4915"), name="Ada L"), platform="whatsapp")])
    await store.people.mark_stale("facebook", Identity("psid", "2001", PAGE), "unreachable", NOW)
    cases: list[tuple[dict[str, object], str]] = [
        ({"platform": "facebook"}, "2001"),
        ({"page_id": NUMBER}, "4915"),
        ({"kind": "wa_id"}, "4915"),
        ({"name": "ada"}, "4915"),
        ({"stale": True}, "2001"),
        ({"stale": False}, "4915"),
    ]
    for which, value in cases:
        for customer_id in (None, "default"):
            (contact,) = await found(store, customer_id, **which)
            assert contact.identities[0].value == value, which


async def test_a_customer_sees_of_a_shared_contact_its_own_side_only(store: Store) -> None:
    await connect(store)
    await write_to_both_numbers(store)
    (mine,) = await found(store, "default")
    (theirs,) = await found(store, "cus_other")
    assert mine.id == theirs.id and mine.shared and theirs.shared
    assert [one.page_id for one in mine.conversations] == [NUMBER]
    assert [one.page_id for one in theirs.conversations] == [OTHER_NUMBER]
    assert len((await found(store))[0].conversations) == 2


async def test_a_contact_of_another_customer_does_not_exist(store: Store) -> None:
    await connect(store)
    await store.accept([message("m_1", psid("2001"))])
    (mine,) = await found(store, "default")
    assert await found(store, "cus_other") == [] == await found(store, "cus_other", identity="2001")
    assert await store.people.contact("cus_other", mine.id) is None
    with pytest.raises(Unmergeable, match="gone"):
        await store.people.link("cus_other", mine.id, "facebook", Identity("asid", "9", "2210"))


async def test_a_shared_contact_is_not_changed_by_one_of_its_customers(store: Store) -> None:
    await connect(store)
    await write_to_both_numbers(store)
    (contact,) = await found(store, "default")
    with pytest.raises(Unmergeable, match="shared"):
        await store.people.link("default", contact.id, "whatsapp", Identity("phone", "9", WABA))
    await store.people.link(None, contact.id, "whatsapp", Identity("phone", "9", WABA))


async def test_who_writes_in_a_group_only_is_known_to_the_page(store: Store) -> None:
    await connect(store)
    await store.accept([message("m_1", wa(("wa_id", "4915")), platform="whatsapp", thread="group-1")])
    (contact,) = await found(store, "default")
    assert contact.conversations == () and not contact.shared
    assert await found(store, "cus_other") == []


async def test_an_identity_is_linked_and_taken_away(store: Store) -> None:
    await connect(store)
    await store.accept([message("m_1", psid("2001")), message("m_2", psid("2002"))])
    second, first = await found(store)
    asid = Identity("asid", "77", "2210")
    await store.people.link("default", first.id, "facebook", asid)
    assert (await found(store, "default", identity="77"))[0].id == first.id
    with pytest.raises(IdentityTaken):
        await store.people.link("default", second.id, "facebook", asid)
    assert await store.people.unlink("default", first.id, asid)
    assert not await store.people.unlink("default", first.id, asid)
    with pytest.raises(IdentityTaken):
        await store.people.unlink("default", first.id, Identity("psid", "2001", PAGE))


async def test_two_who_can_both_be_written_to_are_not_merged(store: Store) -> None:
    await connect(store)
    await store.accept([message("m_1", psid("2001")), message("m_2", psid("2002"))])
    second, first = await found(store, "default")
    with pytest.raises(Unmergeable, match="both_active"):
        await store.people.merge("default", second.id, first.id)
    with pytest.raises(Unmergeable, match="same_contact"):
        await store.people.merge("default", first.id, first.id)


async def test_a_merged_contact_goes_on_as_the_older_with_its_conversation(store: Store) -> None:
    await connect(store)
    await store.accept([message("m_1", psid("2001"))])
    (first,) = await found(store)
    await store.people.mark_stale("facebook", Identity("psid", "2001", PAGE), "unreachable", NOW)
    await store.accept([message("m_2", psid("2002"))])
    second = (await found(store))[0]
    assert await store.people.merge("default", second.id, first.id) == first.id
    (kept,) = await found(store)
    assert {one.value for one in kept.identities} == {"2001", "2002"}
    assert kept.conversations[0].id == first.conversations[0].id
    assert kept.conversations[0].aliases == (second.conversations[0].id,)
    assert await store.people.contact("default", second.id) == kept
    await store.accept([message("m_3", psid("2002"))])
    assert (await found(store))[0].conversations[0].id == first.conversations[0].id


async def test_whoever_writes_again_can_be_written_to(store: Store) -> None:
    await connect(store)
    await store.accept([message("m_1", psid("2001"))])
    identity = Identity("psid", "2001", PAGE)
    assert await store.people.mark_stale("facebook", identity, "unreachable", NOW)
    addressee = await store.people.addressee("facebook", PAGE, identity)
    assert addressee is not None and addressee.stale == "unreachable"
    await store.accept([message("m_2", psid("2001"))])
    addressee = await store.people.addressee("facebook", PAGE, identity)
    assert addressee is not None and addressee.stale is None


async def test_nobody_is_marked_whom_nobody_knows(store: Store) -> None:
    assert not await store.people.mark_stale("facebook", Identity("psid", "1", PAGE), "unreachable", NOW)
    assert await store.people.addressee("facebook", PAGE, Identity("psid", "1", PAGE)) is None
