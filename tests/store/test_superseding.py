"""Stored elements that turn out to be other events: those supersede what they were."""

import pytest
from msgspec.structs import replace

from adapters.base import Quarantined
from gateway.store.base import Store
from gateway.store.records import Account, Customer, PageRequest
from tests.store.renormalisations import (
    LATER,
    Parser,
    as_another,
    renormalise,
    shown,
    unread,
)
from tests.store.samples import (
    DAY,
    LEASE,
    NOW,
    body_of,
    message,
)

pytestmark = pytest.mark.anyio


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
    account = Account(
        id="acc_1", customer_id="cus_2", platform="facebook", page_id="77", created_at=NOW, app_id=app_id
    )
    await store.put_account(account)
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
