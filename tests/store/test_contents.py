"""What a customer wants gone after it was delivered is gone on every store, and never before."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.base import Identity, Person
from gateway.store.base import ContentRemoved, RawExpired, Store
from gateway.store.emptying import emptied
from gateway.store.records import (
    Account,
    Customer,
    DeliveryFilter,
    EventFilter,
    Keeping,
    Outcome,
    PageRequest,
)
from gateway.store.renormalisation import RenormalisationPlan, Revision, Step
from gateway.store.replay import ReplayPlan
from tests.store.erasures import by, erase
from tests.store.renormalisations import RUN, asked
from tests.store.samples import (
    DAY,
    LEASE,
    NOW,
    PAGE,
    arrival,
    body_of,
    claimed,
    dead,
    endpoint,
    event,
    failed,
    message,
    queued,
    retaining,
    succeeded,
)

pytestmark = pytest.mark.anyio

LATER = NOW + 1_000
LEFT = {
    *("id", "version", "platform", "event", "page_id", "timestamp", "timestamp_ms", "received_at_ms"),
    *("conversation_id", "sequence", "direction", "content_removed"),
}


async def delivered(store: Store, mid: str = "m_1", **fields: Any) -> str:
    """The id of a message that `ep_1` has taken."""
    (admission,) = await store.accept([message(mid, routes=claimed("ep_1", ordered=False), **fields)])
    await store.finish([succeeded(job) for job in admission.jobs])
    return admission.event_id


async def empty(store: Store, *customer_ids: str) -> None:
    """All that can be emptied now."""
    while await store.contents.empty(customer_ids or ("default",), 10):
        pass


async def shown(store: Store, event_id: str) -> dict[str, Any]:
    stored = await store.event(None, event_id)
    assert stored is not None
    return body_of(stored)


async def is_gone(store: Store, event_id: str) -> bool:
    return (await shown(store, event_id)).get("content_removed") is True


async def end(store: Store, *outcomes: Outcome) -> None:
    await store.finish(list(outcomes))
    await empty(store)


async def test_of_what_was_delivered_only_the_fact_is_left(store: Store) -> None:
    event_id = await delivered(store)
    await empty(store)
    assert (await shown(store, event_id)).keys() == LEFT
    with pytest.raises(RawExpired):
        await store.raw(None, event_id)
    (listed,) = (await store.events("default", EventFilter(event="message.received"), PageRequest())).data
    assert listed.id == event_id
    made = await store.deliveries("default", DeliveryFilter(event_id=event_id), PageRequest())
    assert [one.state for one in made.data] == ["delivered"]


async def test_nothing_goes_while_a_delivery_is_open(store: Store) -> None:
    (admission,) = await store.accept([message("m_1", routes=claimed("ep_1"))])
    (job,) = admission.jobs
    await empty(store)
    assert not await is_gone(store, job.event_id)
    await end(store, failed(job, due_at=LATER))
    assert not await is_gone(store, job.event_id)
    ((again,), _) = await store.claim("ep_1", LATER, LEASE, 0, 1)
    assert body_of(again)["message"]["body"] == "hello"
    await end(store, succeeded(again, LATER))
    assert await is_gone(store, job.event_id)


async def test_what_is_dead_can_be_recovered_and_goes_after_that(store: Store) -> None:
    (admission,) = await store.accept([message("m_1", routes=claimed("ep_1"))])
    (job,) = admission.jobs
    await end(store, dead(job))
    assert not await is_gone(store, job.event_id)
    assert await store.redeliver("default", job.event_id, "ep_1", LATER)
    ((again,), _) = await store.claim("ep_1", LATER, LEASE, 1, 0)
    await end(store, succeeded(again, LATER))
    assert await is_gone(store, job.event_id)


async def test_what_was_for_an_endpoint_that_is_gone_waits_for_nothing(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_2"))
    (admission,) = await store.accept([message("m_1", routes=claimed("ep_2"))])
    await end(store, dead(admission.jobs[0]))
    await store.delete_endpoint("ep_2")
    await empty(store)
    assert await is_gone(store, admission.event_id)


async def test_without_any_endpoint_nothing_has_arrived(store: Store) -> None:
    await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW))
    (admission,) = await store.accept([message("m_1", customer_ids=("cus_2",))])
    await empty(store, "cus_2")
    assert not await is_gone(store, admission.event_id)
    await store.put_endpoint(endpoint("ep_2", "cus_2"))
    await empty(store, "cus_2")
    assert await is_gone(store, admission.event_id)


async def test_what_is_pulled_stays_until_all_have_acknowledged_it(store: Store) -> None:
    for name in ("ep_2", "ep_3"):
        await store.put_endpoint(endpoint(name, type="pull"))
    event_id = await delivered(store)
    puller = endpoint("ep_2", type="pull")
    page = await store.log(puller, await store.acknowledge("ep_2", None), 10)
    for name in ("ep_2", "ep_3"):
        await empty(store)
        assert not await is_gone(store, event_id)
        await store.acknowledge(name, page.cursor)
    await empty(store)
    assert await is_gone(store, event_id)


async def test_what_another_customer_keeps_is_kept(store: Store) -> None:
    await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW))
    await store.put_endpoint(endpoint("ep_2", "cus_2"))
    template = event("template.update", "t_1", "whatsapp")
    (admission,) = await store.accept([arrival(template, customer_ids=("cus_2", "default"))])
    await empty(store)
    assert not await is_gone(store, admission.event_id)
    await empty(store, "default", "cus_2")
    assert await is_gone(store, admission.event_id)


async def test_what_came_before_the_wish_goes_too(store: Store) -> None:
    ids = [await delivered(store, f"m_{number}") for number in range(25)]
    await empty(store)
    assert [await is_gone(store, event_id) for event_id in ids] == [True] * 25


async def test_what_is_gone_is_delivered_by_nothing(store: Store) -> None:
    event_id = await delivered(store)
    await empty(store)
    with pytest.raises(ContentRemoved):
        await store.redeliver("default", event_id, "ep_1", LATER)
    assert (await store.claim("ep_1", LATER, LEASE, 10, 10))[0] == []
    plan = ReplayPlan(endpoint_id="ep_1", since=0, until=NOW + DAY, wanted="all")
    assert await store.count_replay(plan) == 0
    again = RenormalisationPlan(since=0, until=NOW + DAY)
    assert await store.count_elements(again) == 0
    await store.put_endpoint(endpoint("ep_2", type="pull", since=0))
    page = await store.log(endpoint("ep_2", type="pull"), await store.acknowledge("ep_2", None), 10)
    assert page.entries == ()


async def test_what_was_read_again_meanwhile_does_not_bring_it_back(store: Store) -> None:
    event_id = await delivered(store)
    await store.begin_renormalisation(asked())
    page = await store.elements(asked().plan, "", 10)
    (element,) = (one for one in page.elements if one.event_id == event_id)
    revision = Revision(
        place=element.place,
        revision=1,
        decoded=message("m_1").decoded,
        body=element.body or b"",
        routes=queued("ep_1"),
    )
    await empty(store)
    step = Step(
        renormalisation_id=RUN,
        begins="",
        ends=page.position,
        last=True,
        examined=1,
        at=LATER,
        revisions=(revision,),
    )
    await store.revise(step)
    assert await is_gone(store, event_id)
    assert (await store.claim("ep_1", LATER + DAY, LEASE, 10, 10))[0] == []


async def test_it_goes_with_its_retention_like_all_others(store: Store) -> None:
    event_id = await delivered(store)
    await empty(store)
    while await store.prune(NOW + 31 * DAY, retaining(), 100):
        pass
    assert await store.event(None, event_id) is None
    await empty(store)


async def test_who_is_erased_leaves_nothing_that_waits_or_is_empty(store: Store) -> None:
    emptied_id = await delivered(store)
    (waiting,) = await store.accept([message("m_2", routes=claimed("ep_1"))])
    await empty(store)
    await erase(store, by("psid", "2001", PAGE))
    assert await store.event(None, emptied_id) is None
    assert await store.event(None, waiting.event_id) is None
    assert await store.contents.empty(("default",), 10) == 0


@pytest.fixture
async def moving(store: Store) -> Store:
    """A store with an account that `default` has, and another customer, who has had an event since."""
    await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW))
    await store.put_endpoint(endpoint("ep_2", "cus_2"))
    account = Account(id="acc_1", customer_id="default", platform="facebook", page_id=PAGE, created_at=NOW)
    await store.put_account(replace(account, access_token="EAAB", name="Shop"))
    return store


async def moved(store: Store) -> None:
    """The account with all that it has had is the other customer's."""
    await store.accept([arrival(event("message.received", "m_2", page_id="1002"), customer_ids=("cus_2",))])
    await empty(store, "cus_2")
    await store.ownership.move("acc_1", "cus_2", history=True)
    while await store.ownership.follow(2):
        pass


async def test_what_follows_an_account_goes_as_its_new_owner_wants(moving: Store) -> None:
    event_id = await delivered(moving)
    await moved(moving)
    assert not await is_gone(moving, event_id)
    await empty(moving, "default")
    assert not await is_gone(moving, event_id)
    await empty(moving, "cus_2")
    assert await is_gone(moving, event_id)


async def test_what_is_gone_follows_an_account_and_stays_gone(moving: Store) -> None:
    event_id = await delivered(moving)
    await empty(moving)
    await moved(moving)
    assert await moving.event("cus_2", event_id) is not None
    await empty(moving, "cus_2")
    with pytest.raises(ContentRemoved):
        await moving.redeliver("cus_2", event_id, "ep_2", LATER)


async def test_what_nobody_had_goes_once_somebody_has_it(moving: Store) -> None:
    (admission,) = await moving.accept([message("m_1", customer_ids=())])
    await moving.accept([message("m_2", customer_ids=("cus_2",))])
    await empty(moving, "cus_2")
    assert await moving.redeliver(None, admission.event_id, "ep_2", LATER)
    ((job,), _) = await moving.claim("ep_2", LATER, LEASE, 1, 0)
    await moving.finish([succeeded(job, LATER)])
    await empty(moving, "cus_2")
    assert await is_gone(moving, admission.event_id)


async def test_an_element_that_is_not_to_be_kept_is_not(store: Store) -> None:
    made = message("m_1", routes=queued("ep_1"))
    unkept = replace(made, decoded=replace(made.decoded, envelope=b""))
    (admission,) = await store.accept([unkept])
    assert "message" in await shown(store, admission.event_id)
    with pytest.raises(RawExpired):
        await store.raw(None, admission.event_id)
    assert await store.count_elements(RenormalisationPlan(since=0, until=NOW + DAY)) == 0


async def test_what_a_customer_wants_kept_is_configured(store: Store) -> None:
    keep = Keeping(raw=False, content=False, profile=("first_name",))
    await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW, keep=keep))
    found = {one.id: one.keep for one in (await store.configuration()).customers}
    assert found == {"default": Keeping(), "cus_2": keep}


async def test_no_byte_of_what_somebody_said_is_left_of_it() -> None:
    known = Person(identities=(Identity("psid", "2001", "1001"),), name="Ada Lovelace")
    made = message("m_1", known)
    left = emptied(made.body)
    assert b"hello" not in left and b"2001" not in left and b"m_1" not in left
    assert json.loads(left)["content_removed"] is True
