"""A change of an endpoint's format is for the deliveries made after it."""

from pathlib import Path

import pytest

from tests.deliver.stage import endpoint, stage

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("change", [{"format": "cloudevents"}, {"format": "raw"}, {"include_raw": True}])
@pytest.mark.parametrize("present", [{}, {"format": "cloudevents"}, {"format": "raw"}, {"include_raw": True}])
async def test_every_attempt_has_the_same_bytes_whatever_changes_between(
    tmp_path: Path, present: dict[str, object], change: dict[str, object]
) -> None:
    async with stage(tmp_path, receiver=endpoint(**present)) as on:
        await on.arrive("ann:one")
        first = await on.wire.next()
        await on.configure(endpoint(**change))
        first.answer(500)
        second = await on.wire.next()
        assert second.request.body == first.request.body
        assert second.header["content-type"] == first.header["content-type"]
        assert second.header["webhook-id"] == first.header["webhook-id"]
        second.answer()
        await on.states(delivered=1)


async def test_what_comes_after_the_change_and_what_is_redelivered_is_in_the_new_format(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path) as on:
        (admission,) = await on.arrive("ann:one")
        (await on.wire.next()).answer()
        await on.states(delivered=1)
        await on.configure(endpoint(format="cloudevents"))
        await on.arrive("bob:two")
        (sent := await on.wire.next()).answer()
        await on.store.redeliver(None, admission.event_id, sent_to := endpoint().id, on.clock())
        on.dispatcher.wake(sent_to)
        (again := await on.wire.next()).answer()
        types = {one.header["content-type"] for one in (sent, again)}
        assert types == {"application/cloudevents+json"}
