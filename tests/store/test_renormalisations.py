"""What becomes of stored events when their elements are decoded again."""

from typing import Any

import pytest
from msgspec.structs import replace

from adapters.base import Quarantined
from gateway.store.base import Store
from gateway.store.records import Account, Customer, EventFilter, PageRequest
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
    unread,
    worker,
)
from tests.store.samples import (
    DAY,
    LEASE,
    NOW,
    arrival,
    body_of,
    claimed,
    endpoint,
    event,
    failed,
    message,
    psid,
    queued,
    reaction,
    retaining,
    succeeded,
)

pytestmark = pytest.mark.anyio


async def shown(store: Store, event_id: str) -> dict[str, Any]:
    found = await store.event(None, event_id)
    assert found is not None
    return body_of(found)


async def listed(store: Store, **which: Any) -> list[str]:
    """Names of the customer's events, oldest first."""
    found = await store.events("default", EventFilter(**which), PageRequest(ascending=True))
    return [body_of(one)["event"] for one in found.data]


async def test_what_comes_out_the_same_is_left_alone(store: Store) -> None:
    parser, arrived = Parser(), [message("m_1"), reaction("m_1"), message("m_2")]
    for one in arrived:
        parser.reads(one)
    admissions = await store.accept(arrived)
    before = [await store.event(None, one.event_id) for one in admissions]
    run = await renormalise(store, parser)
    assert (run.state, run.examined, run.revised, run.added) == ("done", 3, 0, 0)
    assert [await store.event(None, one.event_id) for one in admissions] == before


async def test_another_content_is_the_next_revision_in_the_same_place(store: Store) -> None:
    parser, first, second = Parser(), message("m_1"), message("m_2")
    parser.reads(first, read(first, "m_1", "mended"))
    parser.reads(second)
    admission, _ = await store.accept([first, second])
    before = await shown(store, admission.event_id)
    run = await renormalise(store, parser)
    after = await shown(store, admission.event_id)
    assert (run.revised, after.pop("revision"), after["message"].pop("body")) == (1, 2, "mended")
    assert before["message"].pop("body") == "hello"
    assert after == before


async def test_a_second_run_changes_nothing_and_a_better_parser_makes_the_third_revision(
    store: Store,
) -> None:
    parser, old = Parser(), message("m_1")
    parser.reads(old, read(old, "m_1", "mended"))
    (admission,) = await store.accept([old])
    assert [(await renormalise(store, parser, f"rnm_{n}")).revised for n in range(2)] == [1, 0]
    parser.reads(old, read(old, "m_1", "mended again"))
    await renormalise(store, parser, "rnm_3")
    assert (await shown(store, admission.event_id))["revision"] == 3


async def test_an_unknown_becomes_what_it_is_under_its_id(store: Store) -> None:
    parser, old = Parser(), unread("m_1")
    parser.reads(old, read(old))
    (admission,) = await store.accept([old])
    assert await listed(store) == ["unknown"]
    await renormalise(store, parser)
    found = await shown(store, admission.event_id)
    assert (found["event"], found["revision"], found["message"]["body"]) == ("message.received", 2, "hello")
    assert await listed(store, event="message.received") == ["message.received"]
    assert await listed(store, event="unknown") == []


async def test_what_had_no_person_when_it_came_gets_its_conversation_but_no_number(store: Store) -> None:
    parser, old, later = Parser(), unread("m_1"), message("m_2")
    parser.reads(old, read(old))
    parser.reads(later)
    admission, other = await store.accept([old, later])
    await renormalise(store, parser)
    found, neighbour = [await shown(store, one.event_id) for one in (admission, other)]
    assert found["conversation_id"] == neighbour["conversation_id"]
    assert found["contact"]["id"] == neighbour["contact"]["id"]
    assert "sequence" not in found
    (following,) = await store.accept([message("m_3", at=LATER)])
    assert (await shown(store, following.event_id))["sequence"] == neighbour["sequence"] + 1
    assert (await renormalise(store, parser, "rnm_2")).revised == 0


async def test_its_message_is_known_from_then_on(store: Store) -> None:
    parser, old = Parser(), unread("m_1")
    parser.reads(old, read(old))
    await store.accept([old])
    await renormalise(store, parser)
    (admission,) = await store.accept([reaction("m_1", at=LATER)])
    assert (await shown(store, admission.event_id))["reaction"]["target"]["known"] is True


async def test_a_revision_goes_out_under_an_id_of_its_own_marked_and_in_the_present_format(
    store: Store,
) -> None:
    parser, old = Parser(), message("m_1", routes=claimed("ep_1"))
    parser.reads(old, read(old, "m_1", "mended"))
    (admission,) = await store.accept([old])
    await store.finish([succeeded(admission.jobs[0])])
    await store.put_endpoint(endpoint(format="cloudevents"))
    await renormalise(store, parser)
    ((job,), _) = await store.claim("ep_1", LATER, LEASE, 10, 10)
    assert (job.webhook_id, job.event_id) == (f"{admission.event_id}_r2", admission.event_id)
    assert (job.replay, job.attempts, job.format) == (True, 0, "cloudevents")
    assert body_of(job)["revision"] == 2


async def test_it_goes_to_the_endpoints_that_want_it_now(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_1", events=("unknown",)))
    await store.put_endpoint(endpoint("ep_2", events=("message.*",)))
    parser, old = Parser(), unread("m_1", routes=claimed("ep_1"))
    parser.reads(old, read(old))
    (admission,) = await store.accept([old])
    await store.finish([succeeded(admission.jobs[0])])
    await renormalise(store, parser)
    assert (await store.claim("ep_1", LATER, LEASE, 10, 10))[0] == []
    ((job,), _) = await store.claim("ep_2", LATER, LEASE, 10, 10)
    assert body_of(job)["event"] == "message.received"


async def test_an_untried_delivery_takes_the_new_content(store: Store) -> None:
    parser, old = Parser(), message("m_1", routes=queued("ep_1"))
    parser.reads(old, read(old, "m_1", "mended"))
    (admission,) = await store.accept([old])
    await renormalise(store, parser)
    (jobs, following) = await store.claim("ep_1", LATER, LEASE, 10, 10)
    assert [(job.webhook_id, body_of(job)["message"]["body"]) for job in jobs] == [
        (f"{admission.event_id}_r2", "mended")
    ]
    assert following is None


async def test_a_tried_delivery_starts_anew_under_the_new_id(store: Store) -> None:
    parser, old = Parser(), message("m_1", routes=claimed("ep_1"))
    parser.reads(old, read(old, "m_1", "mended"))
    (admission,) = await store.accept([old])
    await store.finish([failed(admission.jobs[0], NOW + DAY)])
    await renormalise(store, parser)
    ((job,), _) = await store.claim("ep_1", LATER, LEASE, 10, 10)
    assert (job.webhook_id, job.attempts, job.first_failed_at) == (f"{admission.event_id}_r2", 0, None)


@pytest.mark.parametrize("ended", [succeeded, lambda job: failed(job, NOW + 5)])
async def test_the_outcome_of_the_old_revision_moves_nothing(store: Store, ended: Any) -> None:
    parser, old = Parser(), message("m_1", routes=queued("ep_1"))
    parser.reads(old, read(old, "m_1", "mended"))
    (admission,) = await store.accept([old])
    ((under_way,), _) = await store.claim("ep_1", LATER, LEASE, 10, 10)
    await renormalise(store, parser)
    assert await store.claim("ep_1", LATER + 1, LEASE, 10, 10) == ([], LATER + LEASE)
    assert not (await store.finish([ended(under_way)]))[0].moved
    ((job,), _) = await store.claim("ep_1", LATER + LEASE, LEASE, 10, 10)
    assert (job.webhook_id, job.attempts) == (f"{admission.event_id}_r2", 0)
    assert (await store.finish([succeeded(job, LATER + LEASE)]))[0].moved
    attempts = await store.attempts(None, job.delivery_id)
    assert attempts is not None and len(attempts) == 2


async def test_every_attempt_of_a_revision_has_its_id(store: Store) -> None:
    parser, old = Parser(), message("m_1")
    parser.reads(old, read(old, "m_1", "mended"))
    await store.accept([old])
    await renormalise(store, parser)
    ((first,), _) = await store.claim("ep_1", LATER, LEASE, 10, 10)
    await store.finish([failed(first, LATER + 5)])
    ((second,), _) = await store.claim("ep_1", LATER + 5, LEASE, 10, 10)
    assert (first.webhook_id, first.body) == (second.webhook_id, second.body)


async def test_a_log_shows_the_revision_to_who_reads_it_for_the_first_time(store: Store) -> None:
    puller = endpoint("ep_2", type="pull", events=("message.received",))
    await store.put_endpoint(puller)
    parser, old = Parser(), message("m_1")
    parser.reads(old, read(old, "m_1", "mended"))
    await store.accept([old])
    await renormalise(store, parser)
    (entry,) = (await store.log(puller, await store.acknowledge("ep_2", None), 10)).entries
    assert (entry.revision, body_of(entry)["message"]["body"]) == (2, "mended")


async def test_what_has_its_proper_id_now_supersedes_what_it_was(store: Store) -> None:
    parser, old = Parser(), unread("odd")
    parser.reads(old, as_another(old, "m_1"), as_another(old, "m_2", "and more"))
    (admission,) = await store.accept([old])
    assert (await renormalise(store, parser)).added == 2
    new = [message(mid).decoded.event.id for mid in ("m_1", "m_2")]
    assert (await shown(store, admission.event_id))["superseded_by"] == new
    for event_id, sequence in zip(new, (2, 3), strict=True):
        found = await shown(store, event_id)
        assert (found["supersedes"], found["sequence"]) == ([admission.event_id], sequence)
    jobs, _ = await store.claim("ep_1", LATER, LEASE, 10, 10)
    assert [(body_of(job)["event"], job.replay) for job in jobs] == [("conversation.started", True)]


async def test_several_that_are_one_now_are_all_superseded_by_it(store: Store) -> None:
    parser, olds = Parser(), [unread("odd"), unread("even")]
    for old in olds:
        parser.reads(old, as_another(old, "m_1"))
    admissions = await store.accept(olds)
    assert (await renormalise(store, parser)).added == 1
    found = await shown(store, message("m_1").decoded.event.id)
    assert found["supersedes"] == [one.event_id for one in admissions]


async def test_what_is_superseded_is_not_read_again_however_old_it_is(store: Store) -> None:
    parser, old = Parser(), unread("odd")
    parser.reads(old, as_another(old, "m_1"))
    parser.reads(message("m_1"), as_another(old, "m_1"))
    await store.accept([old])
    first = await renormalise(store, parser)
    second = await renormalise(store, parser, "rnm_2", LATER + 20 * DAY, until=LATER + 20 * DAY)
    assert (first.added, second.examined, second.added, second.revised) == (1, 1, 0, 0)


async def test_what_came_again_meanwhile_is_not_made_twice(store: Store) -> None:
    parser, old, again = Parser(), unread("odd"), message("m_1", at=NOW + 1)
    parser.reads(old, as_another(old, "m_1"))
    parser.reads(again)
    (admission, _) = await store.accept([old, again])
    late = LATER + 9 * DAY
    assert (await renormalise(store, parser, now=late)).added == 0
    assert (await shown(store, admission.event_id))["superseded_by"] == [again.decoded.event.id]


async def test_an_element_that_is_more_than_it_was_keeps_its_event(store: Store) -> None:
    parser, old = Parser(), message("m_1")
    parser.reads(old, old.decoded, as_another(old, "m_2"))
    (admission,) = await store.accept([old])
    run = await renormalise(store, parser)
    assert (run.added, run.revised) == (1, 0)
    assert "superseded_by" not in await shown(store, admission.event_id)
    assert "supersedes" not in await shown(store, message("m_2").decoded.event.id)


@pytest.mark.parametrize(("app_id", "owners"), [(None, ("cus_2",)), ("2210", ())])
async def test_what_turns_out_to_be_another_pages_is_its_owners(
    store: Store, app_id: str | None, owners: tuple[str, ...]
) -> None:
    await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW))
    page = {"id": "acc_1", "customer_id": "cus_2", "platform": "facebook", "page_id": "77"}
    await store.put_account(Account(**page, created_at=NOW, app_id=app_id))
    parser, old = Parser(), unread("odd")
    moved = as_another(old, "m_1")
    parser.reads(old, replace(moved, event=replace(moved.event, page_id="77")))
    await store.accept([old])
    await renormalise(store, parser)
    found = await store.event(None, moved.event.id)
    assert found is not None and found.customer_ids == owners
    assert (await store.claim("ep_1", LATER, LEASE, 10, 10))[0] == []


async def test_what_was_quarantined_and_can_be_read_now_becomes_events(store: Store) -> None:
    readable, left = message("m_1"), Quarantined(reason="not_an_object", pointer="/entry/1", body=b"7")
    whole = Quarantined(reason="not_decoded", pointer="", body=readable.decoded.envelope)
    hopeless = Quarantined(reason="not_json", pointer="", body=b"{")
    await store.quarantine("facebook", NOW, [whole, hopeless])
    parser = Parser({whole.body: (readable.decoded, left), hopeless.body: (hopeless,)})
    run = await renormalise(store, parser)
    assert (run.examined, run.added) == (2, 1)
    assert (await shown(store, readable.decoded.event.id))["message"]["body"] == "hello"
    kept = (await store.quarantined(PageRequest())).data
    assert sorted(one.body for one in kept) == [b"7", b"{"]


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
