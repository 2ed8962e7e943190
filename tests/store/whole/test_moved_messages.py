"""Messages of an account that changes hands."""

import pytest

from gateway.store.base import Store
from gateway.store.outgoing import MessageFilter
from gateway.store.records import Account, Customer, PageRequest
from tests.store.samples import NOW, PAGE
from tests.store.whole.outgoing import begun, claim, finish, outgoing, progress

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
