"""The outbox: what is durable, who may send, in which order."""

import pytest
from msgspec.structs import replace

from adapters.base import Identity
from gateway.store.base import Store
from gateway.store.outbox import HOLD_MS, LEASE_MS, SETTLE_MS
from gateway.store.retention import Retention
from tests.store.conftest import OpenStore
from tests.store.samples import DAY, NOW, PAGE, message, psid
from tests.store.whole.outgoing import LOST, TEMPORARY, begun, claim, finish, names, outgoing, progress

pytestmark = pytest.mark.anyio


async def test_a_message_is_kept_once_per_id(store: Store) -> None:
    assert await store.outbox.add(outgoing())
    assert not await store.outbox.add(outgoing(to="another"))
    assert [job.message.to.value for job in await claim(store)] == ["2001"]


async def test_a_claimed_message_is_nobody_elses(store: Store) -> None:
    await store.outbox.add(outgoing())
    assert len(await claim(store)) == 1
    assert await claim(store) == []


async def test_an_accepted_message_is_sent_and_has_its_event(store: Store) -> None:
    await store.outbox.add(outgoing())
    settlement = await finish(store, await begun(store), "accepted")
    assert settlement.progress.state == "sent"
    assert settlement.waiting == ("ep_1",)
    assert await names(store) == ["conversation.started", "message.sent"]


async def test_messages_of_a_line_go_one_after_the_other(store: Store) -> None:
    for number in range(3):
        await store.outbox.add(outgoing(f"msg_{number}"))
    for number in range(3):
        job = await begun(store)
        assert job.message.id == f"msg_{number}"
        await finish(store, job, "accepted")


async def test_other_lines_do_not_wait(store: Store) -> None:
    for number in range(3):
        await store.outbox.add(outgoing(f"msg_{number}", to=f"200{number}"))
    assert len(await claim(store)) == 3


async def test_a_failing_head_holds_the_next_one_for_a_minute(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await store.outbox.add(outgoing("msg_2"))
    await store.outbox.add(outgoing("msg_3"))
    await finish(store, await begun(store), "failing", error=TEMPORARY, due_at=NOW + 2 * HOLD_MS)
    assert await claim(store, NOW + HOLD_MS - 1) == []
    (second,) = await claim(store, NOW + HOLD_MS)
    assert second.message.id == "msg_2"
    assert await claim(store, NOW + HOLD_MS) == []


async def test_the_next_one_goes_as_soon_as_a_failing_head_is_through(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await store.outbox.add(outgoing("msg_2"))
    await finish(store, await begun(store), "failing", error=TEMPORARY, due_at=NOW + 10)
    job = await begun(store, NOW + 10)
    await finish(store, job, "accepted", NOW + 10)
    assert [one.message.id for one in await claim(store, NOW + 10)] == ["msg_2"]


async def test_a_message_put_back_is_not_charged(store: Store) -> None:
    await store.outbox.add(outgoing())
    (job,) = await claim(store)
    await finish(store, job, "postponed", due_at=NOW + 500)
    assert (await progress(store)).tried == 0
    assert await claim(store, NOW + 499) == []
    assert len(await claim(store, NOW + 500)) == 1


async def test_an_old_claim_may_not_begin_or_fail_anything(store: Store) -> None:
    await store.outbox.add(outgoing())
    (old,) = await claim(store)
    await store.outbox.expire(NOW + LEASE_MS)
    new = await begun(store, NOW + LEASE_MS)
    assert not await store.outbox.begin(old, 0, NOW + LEASE_MS)
    await finish(store, old, "refused", error=TEMPORARY)
    assert (await progress(store)).stage == "begun"
    await finish(store, new, "accepted")
    assert (await progress(store)).state == "sent"


async def test_a_claim_that_was_not_begun_is_due_again(store: Store) -> None:
    await store.outbox.add(outgoing())
    await claim(store)
    await store.outbox.expire(NOW + LEASE_MS)
    assert len(await claim(store, NOW + LEASE_MS)) == 1


async def test_a_request_that_may_have_been_written_is_never_made_again(store: Store) -> None:
    await store.outbox.add(outgoing())
    await begun(store)
    await store.outbox.expire(NOW + LEASE_MS)
    assert (await progress(store)).state == "unknown"
    assert await claim(store, NOW + 100 * LEASE_MS) == []


async def test_what_is_repeatable_is_made_again(store: Store) -> None:
    await store.outbox.add(outgoing(signal=True, repeatable=True))
    await begun(store)
    await store.outbox.expire(NOW + LEASE_MS)
    job = await begun(store, NOW + LEASE_MS)
    await finish(store, job, "accepted")
    assert (await progress(store)).state == "sent"
    assert await names(store) == []


async def test_after_a_crash_only_what_was_begun_is_in_doubt(open_store: OpenStore) -> None:
    store = await open_store()
    await store.outbox.add(outgoing("msg_1"))
    await store.outbox.add(outgoing("msg_2", to="2002"))
    first, _ = await claim(store)
    await store.outbox.begin(first, 0, NOW)
    await store.close()
    store = await open_store()
    await store.outbox.expire(NOW + LEASE_MS)
    assert (await progress(store, "msg_1")).state == "unknown"
    assert [job.message.id for job in await claim(store, NOW + LEASE_MS)] == ["msg_2"]


async def test_what_nothing_settles_is_asked_for_after_ten_minutes_and_given_up(store: Store) -> None:
    await store.outbox.add(outgoing())
    await finish(store, await begun(store), "unsettled", error=LOST)
    assert await store.outbox.unsettled(NOW + SETTLE_MS - 1, 10) == []
    (job,) = await store.outbox.unsettled(NOW + SETTLE_MS, 10)
    assert await store.outbox.unsettled(NOW + SETTLE_MS, 10) == []
    await finish(store, job, "given_up", NOW + SETTLE_MS)
    assert (await progress(store)).state == "unknown"
    assert await names(store) == ["message.send_unknown"]


async def test_parts_go_one_after_the_other_and_a_doubtful_one_stops_the_rest(store: Store) -> None:
    await store.outbox.add(outgoing(parts=3))
    job = await begun(store)
    settlement = await finish(store, job, "accepted")
    assert settlement.progress.stage == "leased"
    assert await store.outbox.begin(job, 1, NOW)
    await finish(store, job, "unsettled", part=1, error=LOST)
    assert [part.rank for part in (await progress(store)).parts] == [1, 0, 0]
    assert await claim(store, NOW + SETTLE_MS - 1) == []
    assert await names(store) == []


async def test_a_refused_message_is_failed_with_its_reason(store: Store) -> None:
    await store.outbox.add(outgoing())
    error = replace(TEMPORARY, code="outside_window", retryable=False, platform_code=10, subcode=2018278)
    await finish(store, await begun(store), "refused", error=error)
    shown = await progress(store)
    assert (shown.state, shown.error) == ("failed", error)
    assert await names(store) == ["message.send_failed"]


async def test_a_message_that_cannot_be_sent_is_kept_as_failed_once(store: Store) -> None:
    error = replace(TEMPORARY, code="invalid", retryable=False)
    for _ in range(2):
        await store.outbox.refuse(outgoing(parts=0), error, {})
    assert (await progress(store)).state == "failed"
    assert await names(store) == ["message.send_failed"]


async def test_opting_out_that_only_a_send_shows_is_an_event(store: Store) -> None:
    await store.outbox.add(outgoing())
    error = replace(TEMPORARY, code="opted_out", retryable=False)
    await finish(store, await begun(store), "refused", error=error)
    assert await names(store) == ["message.send_failed", "contact.opted_out"]


async def test_an_id_that_nobody_is_behind_becomes_stale(store: Store) -> None:
    await store.accept([message("m_in", psid("2001"))])
    known = Identity("psid", "2001", PAGE)
    await store.outbox.add(outgoing(identity=known))
    error = replace(TEMPORARY, code="psid_invalid", retryable=False)
    await finish(store, await begun(store), "refused", error=error)
    found = await store.people.addressee("facebook", PAGE, known)
    assert found is not None and found.stale == "unreachable"


async def test_pages_with_something_to_send_are_known(store: Store) -> None:
    assert await store.outbox.backlog() == []
    await store.outbox.add(outgoing())
    (queued,) = await store.outbox.backlog()
    assert (queued.platform, queued.page_id, queued.due_at) == ("facebook", "1001", NOW)


async def test_what_has_been_sent_long_ago_is_pruned_and_what_is_open_is_not(store: Store) -> None:
    await store.outbox.add(outgoing("msg_1"))
    await finish(store, await begun(store), "accepted")
    await store.outbox.add(outgoing("msg_2"))
    month = Retention(events_ms=30 * DAY, raw_ms=30 * DAY, attempts_ms=30 * DAY)
    while await store.prune(NOW + 40 * DAY, month, 100):
        pass
    assert await store.outbox.message(None, "msg_1") is None
    assert await store.outbox.message(None, "msg_2") is not None
