"""Which events a replay takes, and whose they are."""

import pytest

from gateway.store.base import Store
from gateway.store.records import Customer, Emission, PageRequest
from gateway.store.replay import ReplayPlan, Selection
from tests.store.replays import LATER, asked, due, plan, run
from tests.store.samples import (
    DAY,
    NOW,
    PAGE,
    body_of,
    claimed,
    dead,
    event,
    failed,
    message,
    psid,
    queued,
    reaction,
    retaining,
    status,
    succeeded,
    wa,
)

pytestmark = pytest.mark.anyio


async def test_missing_takes_what_was_never_delivered_and_leaves_the_rest(store: Store) -> None:
    routes = claimed("ep_1", ordered=False)
    arrivals = [message(f"m_{number}", psid(str(number)), routes=routes) for number in range(4)]
    delivered, died, retried, tried_now = await store.accept(arrivals)
    outcomes = [succeeded(delivered.jobs[0]), dead(died.jobs[0]), failed(retried.jobs[0], NOW + DAY)]
    await store.finish(outcomes)
    waiting, absent = await store.accept(
        [message("m_5", psid("5"), routes=queued("ep_1")), message("m_6", psid("6"))]
    )
    assert await store.count_replay(plan()) == 3
    await store.begin_replay(asked())
    await run(store)
    found = await store.replay(None, "rpl_1")
    assert found is not None and (found.state, found.done, found.finished_at) == ("done", 3, LATER)
    taken = set(await due(store, now=NOW + 70_000)) - {tried_now.event_id, waiting.event_id}
    assert taken == {died.event_id, retried.event_id, absent.event_id}


@pytest.mark.parametrize(("wanted", "count"), [("missing", 2), ("dead", 1), ("all", 3)])
async def test_a_replay_takes_the_deliveries_it_was_asked_for(store: Store, wanted: str, count: int) -> None:
    routes = claimed("ep_1", ordered=False)
    first, second, _ = await store.accept(
        [message("m_1", routes=routes), message("m_2", routes=routes), message("m_3")]
    )
    await store.finish([succeeded(first.jobs[0]), dead(second.jobs[0])])
    assert await store.count_replay(plan(wanted=wanted)) == count
    await store.begin_replay(asked(wanted=wanted))
    await run(store)
    assert len(await due(store)) == count


@pytest.mark.parametrize(
    ("which", "count"),
    [
        (plan(), 4),
        (plan(Selection(events=("message.*",))), 2),
        (plan(Selection(events=("reaction.added", "status.update"))), 2),
        (plan(Selection(events=("message.*",)), Selection(platforms=("whatsapp",))), 1),
        (plan(Selection(page_ids=(PAGE,))), 3),
        (plan(Selection(page_ids=("9",))), 0),
        (plan(since=NOW + 5), 1),
        (plan(until=NOW + 5), 3),
        (plan(conversation_id="conv_none"), 0),
        (plan(endpoint_id="ep_none"), 0),
        (plan(unrouted=True), 0),
    ],
)
async def test_a_plan_takes_what_fits_all_of_it(store: Store, which: ReplayPlan, count: int) -> None:
    await store.accept([message(), reaction(), status(1, "m_9")])
    await store.accept([message("w_1", wa(("phone", "4917")), platform="whatsapp", at=NOW + 5)])
    assert await store.count_replay(which) == count


async def test_a_plan_can_be_about_one_conversation(store: Store) -> None:
    first, _, _ = await store.accept([message("m_1"), message("m_2", psid("2002")), message("m_3")])
    stored = await store.event(None, first.event_id)
    assert stored is not None
    assert await store.count_replay(plan(conversation_id=body_of(stored)["conversation_id"])) == 2


async def test_events_of_the_gateways_own_are_in_no_replay(store: Store) -> None:
    notice = event("test", "one", platform="", page_id="")
    await store.emit(Emission(event=notice, at=NOW, customer_id="default", endpoint_ids=()))
    assert await store.count_replay(plan(selections=())) == 0


async def test_unrouted_events_of_a_page_become_the_customers_who_connected_it(store: Store) -> None:
    await store.accept([message("m_1", customer_ids=()), message("m_2", psid("2"), customer_ids=())])
    await store.begin_replay(asked(unrouted=True))
    await run(store)
    owned = await due(store)
    assert len(owned) == 2
    for event_id in owned:
        stored = await store.event("default", event_id)
        assert stored is not None and stored.customer_ids == ("default",)
    assert await store.count_replay(plan(unrouted=True)) == 0


async def test_nobody_sees_or_ends_anothers_replay(store: Store) -> None:
    await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW))
    await store.begin_replay(asked())
    assert await store.replay("cus_2", "rpl_1") is None
    assert await store.cancel_replay("cus_2", "rpl_1", LATER) is None
    assert (await store.replays("cus_2", PageRequest())).data == ()
    found = await store.replay("default", "rpl_1")
    assert found is not None and found.state == "running"


async def test_replays_are_listed_newest_first_in_pages(store: Store) -> None:
    for number in range(3):
        await store.begin_replay(asked(f"rpl_{number}"))
    first = await store.replays(None, PageRequest(limit=2))
    second = await store.replays("default", PageRequest(limit=2, cursor=first.next_cursor))
    assert [one.id for one in (*first.data, *second.data)] == ["rpl_2", "rpl_1", "rpl_0"]
    assert second.next_cursor is None


async def test_old_replays_are_pruned_and_running_ones_stay(store: Store) -> None:
    await store.begin_replay(asked("rpl_1"))
    await run(store)
    await store.begin_replay(asked("rpl_2"))
    while await store.prune(LATER + 31 * DAY, retaining(), 100):
        pass
    assert [one.id for one in (await store.replays(None, PageRequest())).data] == ["rpl_2"]
