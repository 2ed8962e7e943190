"""Echoes and statuses move the messages that they are about, in whatever order they come."""

import pytest
from msgspec.structs import replace

from adapters.parts import Error
from adapters.sending import Sent
from gateway.store.base import Store
from tests.store.samples import NOW, message, psid
from tests.store.whole.outgoing import LOST, begun, echo, finish, names, outgoing, progress, told

pytestmark = pytest.mark.anyio


async def test_an_echo_before_the_answer_is_the_same_message_sent(store: Store) -> None:
    await store.outbox.add(outgoing())
    job = await begun(store)
    await store.accept([echo("msg_1")])
    assert (await progress(store)).state == "sent"
    await finish(store, job, "accepted")
    assert await names(store) == ["conversation.started", "message.sent"]


async def test_an_echo_after_the_answer_is_no_further_event(store: Store) -> None:
    await store.outbox.add(outgoing())
    await finish(store, await begun(store), "accepted")
    (admission,) = await store.accept([echo("msg_1")])
    assert admission.state == "duplicate"
    assert await names(store) == ["conversation.started", "message.sent"]


async def test_an_echo_settles_what_the_answer_left_open(store: Store) -> None:
    await store.outbox.add(outgoing())
    await finish(store, await begun(store), "unsettled", error=LOST)
    await store.accept([echo("msg_1", "m_late")])
    shown = await progress(store)
    assert (shown.state, shown.stage, shown.error) == ("sent", "done", None)
    assert shown.parts[0].message_id == "m_late"


async def test_an_echo_of_an_unsettled_part_lets_the_next_one_go(store: Store) -> None:
    await store.outbox.add(outgoing(parts=2))
    await finish(store, await begun(store), "unsettled", error=LOST)
    await store.accept([echo("msg_1", "m_a", NOW + 5)])
    job = await begun(store, NOW + 5, part=1)
    await finish(store, job, "accepted", part=1)
    assert (await progress(store)).state == "sent"
    assert (await names(store)).count("message.sent") == 1


async def test_an_echo_with_somebody_elses_words_is_an_echo(store: Store) -> None:
    await store.outbox.add(outgoing())
    await store.accept([echo("msg_of_nobody", "m_1"), echo("not ours", "m_2")])
    assert (await names(store)).count("message.echo") == 2
    assert (await progress(store)).state == "queued"


async def test_a_tag_on_another_page_means_nothing(store: Store) -> None:
    await store.outbox.add(outgoing(page_id="2002"))
    await store.accept([echo("msg_1")])
    assert (await progress(store)).state == "queued"
    assert "message.echo" in await names(store)


async def test_a_status_with_our_tag_before_the_answer_counts(store: Store) -> None:
    await store.outbox.add(outgoing())
    job = await begun(store)
    await store.accept([told(2, "m_out", tag="msg_1")])
    assert (await progress(store)).state == "delivered"
    await finish(store, job, "accepted")
    assert (await progress(store)).state == "delivered"
    assert await names(store) == ["conversation.started", "message.sent", "status.update"]


async def test_a_status_by_the_platforms_id_before_the_answer_counts_once_the_id_is_known(
    store: Store,
) -> None:
    await store.outbox.add(outgoing())
    job = await begun(store)
    await store.accept([told(2, "m_out")])
    await store.accept([echo("msg_1", "m_out")])
    await finish(store, job, "accepted")
    assert (await progress(store)).state == "delivered"


async def test_states_only_go_up(store: Store) -> None:
    await store.outbox.add(outgoing())
    await finish(store, await begun(store), "accepted")
    for rank, expected in ((3, "read"), (1, "read"), (2, "read")):
        await store.accept([told(rank, "m_out")])
        assert (await progress(store)).state == expected


async def test_a_watermark_reads_everything_up_to_it(store: Store) -> None:
    await store.accept([message()])
    for number in (1, 2):
        await store.outbox.add(outgoing(f"msg_{number}", to="2001"))
        now = NOW + 1000 * number
        await finish(store, await begun(store, now), "accepted", now)
    await store.accept([told(3, watermark_ms=NOW + 1500, person=psid("2001"))])
    assert (await progress(store, "msg_1")).state == "read"
    assert (await progress(store, "msg_2")).state == "sent"


async def test_a_status_by_the_platforms_id_counts_when_the_answer_tells_the_id(store: Store) -> None:
    await store.outbox.add(outgoing())
    job = await begun(store)
    await store.accept([told(2, "m_out")])
    await finish(store, job, "accepted")
    assert (await progress(store)).state == "delivered"


async def test_a_watermark_before_the_echo_counts_from_the_moment_that_the_echo_tells(
    store: Store,
) -> None:
    await store.accept([message()])
    for number in (1, 2):
        await store.outbox.add(outgoing(f"msg_{number}", to="2001"))
        await finish(store, await begun(store), "unsettled", error=LOST)
        await store.accept([told(3, watermark_ms=NOW + 10, person=psid("2001"))])
        assert (await progress(store, f"msg_{number}")).state == "unknown"
        await store.accept([echo(f"msg_{number}", f"m_{number}", happened=NOW + 10 * number)])
    assert [(await progress(store, one)).state for one in ("msg_1", "msg_2")] == ["read", "sent"]


async def test_an_echo_that_comes_late_tells_that_a_watermark_was_about_its_message(
    store: Store,
) -> None:
    await store.accept([message()])
    await store.outbox.add(outgoing())
    job = await begun(store)
    await store.accept([told(3, watermark_ms=NOW + 10, person=psid("2001"))])
    await finish(store, job, "accepted", NOW + 50)
    assert (await progress(store)).state == "sent"
    await store.accept([echo("msg_1", happened=NOW + 5)])
    assert (await progress(store)).state == "read"


async def test_a_watermark_between_two_parts_counts_for_the_first_only(store: Store) -> None:
    await store.accept([message()])
    await store.outbox.add(outgoing(parts=2))
    job = await begun(store)
    await finish(store, job, "accepted")
    await store.accept([told(3, watermark_ms=NOW + 10, person=psid("2001"))])
    await store.outbox.begin(job, 1, NOW + 20)
    await finish(store, job, "accepted", NOW + 20, part=1, sent=Sent(message_id="m_second"))
    assert [part.rank for part in (await progress(store)).parts] == [3, 1]
    assert (await progress(store)).state == "sent"


async def test_a_failure_that_comes_later_is_one_unless_a_delivery_contradicts_it(store: Store) -> None:
    await store.outbox.add(outgoing())
    await finish(store, await begun(store), "accepted")
    failed = told(1, "m_out", tag="msg_1")
    part = failed.decoded.event.status
    assert part is not None
    status = replace(part, state="failed", rank=None, error=Error(code="131026"))
    event = replace(failed.decoded.event, id="evt_failed", status=status)
    await store.accept([replace(failed, decoded=replace(failed.decoded, event=event))])
    assert (await progress(store)).state == "failed"
    assert "message.send_failed" in await names(store)
    await store.accept([told(2, "m_out", tag="msg_1")])
    assert (await progress(store)).state == "delivered"
