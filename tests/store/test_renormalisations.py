"""Runs that decode stored elements again: what they take, count and leave alone."""

from typing import Any

import pytest
from msgspec.structs import replace

from gateway.store.base import Store
from gateway.store.records import Customer, PageRequest
from gateway.store.renormalisation import Step
from tests.store.conftest import OpenStore
from tests.store.renormalisations import (
    LATER,
    RUN,
    Parser,
    as_another,
    asked,
    read,
    renormalise,
    shown,
    unread,
    worker,
)
from tests.store.samples import (
    DAY,
    LEASE,
    NOW,
    arrival,
    event,
    message,
    psid,
    reaction,
    retaining,
)

pytestmark = pytest.mark.anyio


async def test_what_comes_out_the_same_is_left_alone(store: Store) -> None:
    parser, arrived = Parser(), [message("m_1"), reaction("m_1"), message("m_2")]
    for one in arrived:
        parser.reads(one)
    admissions = await store.accept(arrived)
    before = [await store.event(None, one.event_id) for one in admissions]
    run = await renormalise(store, parser)
    assert (run.state, run.examined, run.revised, run.added) == ("done", 3, 0, 0)
    assert [await store.event(None, one.event_id) for one in admissions] == before


async def test_a_parser_that_fails_or_reads_nothing_changes_nothing(store: Store) -> None:
    parser, olds = Parser(), [message("m_1"), message("m_2")]
    parser[olds[0].decoded.envelope] = ()
    await store.accept(olds)
    run = await renormalise(store, parser)
    assert (run.state, run.examined, run.revised, run.added) == ("done", 2, 0, 0)


async def test_a_dry_run_only_counts(store: Store) -> None:
    parser, olds = Parser(), [message("m_1"), unread("odd"), message("m_2")]
    parser.reads(olds[0], read(olds[0], "m_1", "mended"))
    parser.reads(olds[1], as_another(olds[1], "m_3"))
    parser.reads(olds[2])
    admissions = await store.accept(olds)
    run = await renormalise(store, parser, dry_run=True)
    assert (run.state, run.examined, run.revised, run.added) == ("done", 3, 1, 1)
    bodies = [await shown(store, one.event_id) for one in admissions]
    assert not any("revision" in one or "superseded_by" in one for one in bodies)
    assert await store.claim("ep_1", LATER, LEASE, 10, 10) == ([], None)


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 4),
        ({"event": "message.*"}, 4),
        ({"event": "unknown"}, 0),
        ({"platform": "whatsapp"}, 0),
        ({"page_id": "77"}, 1),
        ({"since": NOW + 5}, 1),
        ({"until": NOW + 5}, 3),
        ({"customer_id": "default"}, 2),
        ({"customer_id": "cus_none"}, 0),
    ],
)
async def test_a_plan_takes_what_fits_all_of_it(store: Store, fields: dict[str, Any], count: int) -> None:
    await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW))
    olds = [
        message("m_1"),
        message("m_2", customer_ids=()),
        message("m_3", customer_ids=("default", "cus_2")),
        arrival(event("message.received", "m_4", page_id="77"), at=NOW + 5),
    ]
    parser = Parser()
    for old in olds:
        parser.reads(old)
    await store.accept(olds)
    assert await store.count_elements(asked(**fields).plan) == count
    assert (await renormalise(store, parser, **fields)).examined == count


async def test_a_rate_is_kept_and_a_restart_goes_on_where_it_was(open_store: OpenStore) -> None:
    store = await open_store()
    parser, olds = Parser(), [message(f"m_{n}", psid(str(n))) for n in range(7)]
    for n, old in enumerate(olds):
        parser.reads(old, read(old, f"m_{n}", "mended"))
    await store.accept(olds)
    await store.begin_renormalisation(asked(rate=3))
    made = []
    for moment in (LATER, LATER + 999, LATER + 1_000, LATER + 2_000, LATER + 9_000):
        await (await worker(store, parser, moment)).advance()
        found = await store.renormalisation(None, RUN)
        assert found is not None
        made.append((found.revised, found.state))
        await store.close()
        store = await open_store()
    assert made == [(3, "running"), (3, "running"), (6, "running"), (7, "running"), (7, "done")]


async def test_a_step_that_was_overtaken_or_cancelled_does_nothing(store: Store) -> None:
    old = message("m_1")
    await store.accept([old])
    await store.begin_renormalisation(asked())
    step = Step(renormalisation_id=RUN, begins="", ends="0-5", last=False, examined=1, at=LATER)
    for _ in range(2):
        await store.revise(step)
    found = await store.renormalisation(None, RUN)
    assert found is not None and (found.examined, found.position) == (1, "0-5")
    ended = await store.cancel_renormalisation(None, RUN, LATER)
    assert ended is not None and ended.state == "cancelled"
    await store.revise(replace(step, begins="0-5"))
    assert await store.renormalisation(None, RUN) == ended
    assert await store.due_renormalisation(LATER + DAY) is None


async def test_two_runs_at_once_make_one_revision(store: Store) -> None:
    parser, old = Parser(), message("m_1")
    parser.reads(old, read(old, "m_1", "mended"))
    (admission,) = await store.accept([old])
    for identifier in ("rnm_1", "rnm_2"):
        await store.begin_renormalisation(asked(identifier))
    await (await worker(store, parser)).advance()
    assert (await shown(store, admission.event_id))["revision"] == 2


async def test_nobody_sees_or_ends_anothers_run(store: Store) -> None:
    await store.begin_renormalisation(asked(customer_id="default"))
    await store.begin_renormalisation(asked("rnm_2"))
    assert await store.renormalisation("cus_2", RUN) is None
    assert await store.cancel_renormalisation("cus_2", RUN, LATER) is None
    assert await store.renormalisation("default", "rnm_2") is None
    assert [one.id for one in (await store.renormalisations("default", PageRequest())).data] == [RUN]
    assert [one.id for one in (await store.renormalisations(None, PageRequest())).data] == ["rnm_2", RUN]


async def test_old_runs_are_pruned(store: Store) -> None:
    await renormalise(store, Parser())
    while await store.prune(LATER + 31 * DAY, retaining(), 100):
        pass
    assert (await store.renormalisations(None, PageRequest())).data == ()
