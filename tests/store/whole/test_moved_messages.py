"""Messages of an account that changes hands."""

import pytest
from msgspec.structs import replace

from gateway.store.base import Store
from gateway.store.outgoing import MessageFilter
from gateway.store.records import Account, Arrival, Customer, EventFilter, PageRequest
from tests.store.samples import LEASE, NOW, PAGE, body_of, endpoint, queued
from tests.store.whole.outgoing import LOST, begun, claim, echo, finish, outgoing, progress, told

pytestmark = pytest.mark.anyio

OTHER = "cus_other"


@pytest.fixture
async def store(store: Store) -> Store:
    """With an account of customer `default`, and another customer."""
    await store.put_customer(Customer(id=OTHER, name="Other", created_at=NOW))
    await store.put_account(
        Account(id="acc_1", customer_id="default", platform="facebook", page_id=PAGE, created_at=NOW)
    )
    return store


async def of(store: Store, customer_id: str) -> set[str]:
    """The messages that a customer sees."""
    page = await store.outbox.messages(customer_id, MessageFilter(), PageRequest())
    assert {one.message.customer_id for one in page.data} <= {customer_id}
    return {one.message.id for one in page.data}


async def move(store: Store, *, history: bool) -> None:
    await store.ownership.move("acc_1", OTHER, history=history)
    while await store.ownership.follow(1):
        pass


async def names(store: Store, customer_id: str) -> list[str]:
    """The events that a customer sees, oldest first."""
    page = await store.events(customer_id, EventFilter(), PageRequest(ascending=True))
    return [body_of(one)["event"] for one in page.data]


async def deliveries(store: Store) -> list[str]:
    """What the other customer's endpoint would get."""
    jobs, _ = await store.claim("ep_other", NOW, LEASE, 10, 10)
    return [body_of(job)["event"] for job in jobs]


def to_the_new_owner(report: Arrival) -> Arrival:
    """As it comes in once the page is the other customer's, who has an endpoint for all of it."""
    routes = queued("ep_other")
    derived = dict.fromkeys(report.derived_routes, routes)
    return replace(report, customer_ids=(OTHER,), routes=routes, derived_routes=derived)


async def test_messages_go_with_their_account_or_stay(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await finish(store, await begun(store), "accepted")
    await store.outbox.add(outgoing("msg_2", page_id="1002"))
    await move(store, history=False)
    assert await of(store, "default") == {"msg_1", "msg_2"}
    await store.ownership.move("acc_1", "default", history=False)
    await move(store, history=True)
    assert (await of(store, "default"), await of(store, OTHER)) == ({"msg_2"}, {"msg_1"})


async def test_what_is_on_its_way_goes_out_for_the_new_owner_and_once(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await store.outbox.add(outgoing("msg_2", to="2002"))
    old, _ = await claim(store)
    await store.ownership.move("acc_1", OTHER, history=True)
    assert not await store.outbox.begin(old, 0, NOW)
    jobs = await claim(store)
    assert {job.message.customer_id for job in jobs} == {OTHER}
    for job in jobs:
        assert await store.outbox.begin(job, 0, NOW)
        await finish(store, job, "accepted")
    assert [(await progress(store, one)).state for one in ("msg_1", "msg_2")] == ["sent", "sent"]


async def test_a_request_that_was_written_for_the_former_owner_is_not_made_again(store: Store) -> None:
    await store.outbox.add(outgoing())
    job = await begun(store)
    await store.ownership.move("acc_1", OTHER, history=True)
    assert await claim(store) == []
    await finish(store, job, "accepted")
    assert (await progress(store)).state == "sent"


@pytest.mark.parametrize("report", [told(3, "m_out"), told(3, "m_late", tag="msg_1")])
async def test_what_becomes_of_a_message_is_told_to_nobody_but_its_customer(
    store: Store, report: Arrival
) -> None:
    await store.put_endpoint(endpoint("ep_other", OTHER))
    await store.outbox.add(outgoing())
    await finish(store, await begun(store), "accepted", routes={})
    await move(store, history=False)
    await store.accept([to_the_new_owner(report)])
    assert (await progress(store)).state == "read"
    assert await names(store, OTHER) == []
    assert await names(store, "default") == ["conversation.started", "message.sent", "status.update"]
    assert await deliveries(store) == []


@pytest.mark.parametrize("report", [told(3, "m_late", tag="msg_1"), echo("msg_1")])
async def test_what_a_report_settles_for_the_former_owner_is_delivered_to_nobody_else(
    store: Store, report: Arrival
) -> None:
    await store.put_endpoint(endpoint("ep_other", OTHER))
    await store.outbox.add(outgoing())
    await finish(store, await begun(store), "unsettled", error=LOST, routes={})
    await move(store, history=False)
    await store.accept([to_the_new_owner(report)])
    assert "message.sent" in await names(store, "default")
    assert await names(store, OTHER) == []
    assert await deliveries(store) == []


async def test_with_the_history_the_reports_go_to_the_new_owner_too(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_other", OTHER))
    await store.outbox.add(outgoing())
    await finish(store, await begun(store), "accepted", routes={})
    await store.ownership.move("acc_1", OTHER, history=True)
    await store.accept([to_the_new_owner(told(3, "m_out"))])
    assert await names(store, OTHER) == ["status.update"]
    assert await deliveries(store) == ["status.update"]


async def test_what_the_new_owner_sends_is_the_new_owners(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_other", OTHER))
    await move(store, history=False)
    await store.outbox.add(outgoing(customer_id=OTHER))
    await finish(store, await begun(store), "accepted", routes={})
    await store.accept([to_the_new_owner(told(3, "m_out"))])
    assert "status.update" in await names(store, OTHER)
    assert await names(store, "default") == []
