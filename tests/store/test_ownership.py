"""Accounts that change hands, and the history that follows them."""

from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from adapters.base import Identity, Person
from adapters.message import Message
from gateway.store.base import Store
from gateway.store.records import Account, Arrival, Customer, EventFilter, PageRequest
from tests.store.conftest import OpenStore
from tests.store.samples import LEASE, NOW, PAGE, arrival, body_of, endpoint, event, message, queued

pytestmark = pytest.mark.anyio

OTHER = "cus_other"
ACCOUNT = Account(
    id="acc_1",
    customer_id="default",
    platform="facebook",
    page_id=PAGE,
    created_at=NOW,
    access_token="EAAB",
    name="Shop",
)
ALL = PageRequest(limit=100, ascending=True)


def elsewhere(mid: str) -> Arrival:
    """A text on another page of the same customer."""
    said = Message(id=mid, type="text", body="hello", attachments=())
    happened = event("message.received", mid, page_id="1002", message=said)
    return arrival(happened, Person(identities=(Identity("psid", "9001", "1002"),)))


@dataclass(frozen=True)
class Seen:
    """What a customer sees of all events: the messages' ids."""

    store: Store

    async def by(self, customer_id: str | None) -> list[str]:
        page = await self.store.events(customer_id, EventFilter(event="message.*"), ALL)
        return [body_of(one)["message"]["id"] for one in page.data]


@pytest.fixture
async def seen(store: Store) -> Seen:
    """A store with an account that has had three messages, and another of the same customer with two."""
    await store.put_customer(Customer(id=OTHER, name="Other", created_at=NOW))
    await store.put_account(ACCOUNT)
    for number in range(3):
        await store.accept([message(f"m_{number}", routes=queued("ep_1"))])
    for number in range(2):
        await store.accept([elsewhere(f"x_{number}")])
    return Seen(store)


async def follow(store: Store, limit: int = 2) -> int:
    """All that is left; how many steps that took."""
    steps = 0
    while await store.ownership.follow(limit):
        steps += 1
    return steps


async def test_an_account_changes_hands_with_its_token(store: Store, seen: Seen) -> None:
    assert await store.ownership.move("acc_1", OTHER, history=False)
    assert not await store.ownership.move("acc_2", OTHER, history=False)
    assert (await store.configuration()).accounts == (replace(ACCOUNT, customer_id=OTHER),)


async def test_a_history_that_stays_is_the_former_owners_alone(store: Store, seen: Seen) -> None:
    await store.ownership.move("acc_1", OTHER, history=False)
    assert await follow(store) == 0
    await store.accept([message("m_new", customer_ids=(OTHER,))])
    assert sorted(await seen.by("default")) == ["m_0", "m_1", "m_2", "x_0", "x_1"]
    assert await seen.by(OTHER) == ["m_new"]


async def test_a_history_that_moves_is_the_new_owners_alone_and_keeps_its_order(
    store: Store, seen: Seen
) -> None:
    before = (await store.events(None, EventFilter(), ALL)).data
    await store.ownership.move("acc_1", OTHER, history=True)
    await store.accept([message("m_new", customer_ids=(OTHER,))])
    assert await follow(store) >= 3
    assert await seen.by("default") == ["x_0", "x_1"]
    assert await seen.by(OTHER) == ["m_0", "m_1", "m_2", "m_new"]
    for one in before:
        owner, stranger = (OTHER, "default") if body_of(one)["page_id"] == PAGE else ("default", OTHER)
        found = await store.event(owner, one.id)
        assert found is not None
        assert (found.customer_ids, found.body) == ((owner,), one.body)
        assert await store.event(stranger, one.id) is None
        assert await store.raw(stranger, one.id) is None


async def test_a_message_after_the_move_has_the_next_number_of_its_conversation(
    store: Store, seen: Seen
) -> None:
    await store.ownership.move("acc_1", OTHER, history=True)
    await store.accept([message("m_new", customer_ids=(OTHER,))])
    await follow(store)
    events = (await store.events(OTHER, EventFilter(event="message.received"), ALL)).data
    told = [(body_of(one)["conversation_id"], body_of(one)["sequence"]) for one in events]
    assert len({conversation for conversation, _ in told}) == 1
    assert [number for _, number in told] == [2, 3, 4, 5]


async def test_what_was_on_its_way_to_the_former_owners_endpoint_arrives_there(
    store: Store, seen: Seen
) -> None:
    await store.ownership.move("acc_1", OTHER, history=True)
    await follow(store)
    jobs, _ = await store.claim("ep_1", NOW, LEASE, 10, 0)
    assert jobs


async def test_the_new_owner_can_pull_and_read_what_followed(store: Store, seen: Seen) -> None:
    pulling = endpoint("ep_2", customer_id=OTHER, type="pull", since=0)
    await store.put_endpoint(pulling)
    await store.ownership.move("acc_1", OTHER, history=True)
    await follow(store)
    log = await store.log(pulling, await store.acknowledge("ep_2", None), 100)
    assert [one.name for one in log.entries] == ["conversation.started", *["message.received"] * 3]


async def test_a_history_that_is_on_its_way_goes_on_after_a_restart(
    open_store: OpenStore, store: Store, seen: Seen
) -> None:
    await store.ownership.move("acc_1", OTHER, history=True)
    await store.ownership.follow(1)
    await store.close()
    store = await open_store()
    await follow(store)
    assert await Seen(store).by(OTHER) == ["m_0", "m_1", "m_2"]


async def test_an_account_that_goes_to_and_fro_has_its_history_where_it_is(store: Store, seen: Seen) -> None:
    await store.ownership.move("acc_1", OTHER, history=True)
    await store.ownership.follow(1)
    await store.ownership.move("acc_1", "default", history=True)
    await follow(store)
    assert sorted(await seen.by("default")) == ["m_0", "m_1", "m_2", "x_0", "x_1"]
    assert await seen.by(OTHER) == []


async def test_an_account_that_stays_where_it_is_leaves_nothing_behind(store: Store, seen: Seen) -> None:
    assert await store.ownership.move("acc_1", "default", history=True)
    assert await follow(store) == 0
