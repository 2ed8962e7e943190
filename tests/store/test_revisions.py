"""Stored events whose content is another when it is decoded again: the next revision."""

from typing import Any

import pytest

from gateway.store.base import Store
from gateway.store.records import EventFilter, PageRequest
from tests.store.renormalisations import (
    LATER,
    Parser,
    read,
    renormalise,
    shown,
    unread,
)
from tests.store.samples import (
    DAY,
    LEASE,
    NOW,
    body_of,
    claimed,
    endpoint,
    failed,
    message,
    queued,
    reaction,
    succeeded,
)

pytestmark = pytest.mark.anyio


async def listed(store: Store, **which: Any) -> list[str]:
    """Names of the customer's events, oldest first."""
    found = await store.events("default", EventFilter(**which), PageRequest(ascending=True))
    return [body_of(one)["event"] for one in found.data]


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
