"""Trouble on demand, and the proof of who got what in spite of it."""

import httpx
import pytest

from gateway.simulator import Fault
from tests.simulator.towns import NOON, Town, error, town

pytestmark = pytest.mark.anyio


async def greeted(made: Town) -> Town:
    await made.acts.sends("anna", made.page.id, "hello")
    await made.acts.sends("anna", made.number.id, "hello")
    return made


@pytest.mark.parametrize("accepted", [False, True])
async def test_no_answer_comes_whether_or_not_the_message_arrived(accepted: bool) -> None:
    async with town() as fresh:
        made = await greeted(fresh)
        made.http.timeout = httpx.Timeout(0.3)
        made.meta.faults.add(Fault(kind="silence", after_accept=accepted))
        with pytest.raises(httpx.ReadTimeout):
            await made.write()
        await made.meta.settled()
        assert len(made.meta.received_by("anna")) == accepted
        assert len(made.callback.posts) == 2 + 3 * accepted


@pytest.mark.parametrize("accepted", [False, True])
async def test_the_connection_breaks(accepted: bool) -> None:
    async with town(subscribed=False) as fresh:
        made = await greeted(fresh)
        made.meta.faults.add(Fault(kind="reset", after_accept=accepted))
        with pytest.raises(httpx.ReadError):
            await made.write()
        assert len(made.meta.received_by("anna")) == accepted


@pytest.mark.parametrize(("status", "accepted"), [(500, False), (503, True), (429, False)])
async def test_a_status_comes_without_a_body(status: int, accepted: bool) -> None:
    async with town(subscribed=False) as fresh:
        made = await greeted(fresh)
        made.meta.faults.add(Fault(kind="status", status=status, after_accept=accepted))
        answer = await made.write()
        assert (answer.status_code, answer.content) == (status, b"")
        assert len(made.meta.received_by("anna")) == accepted


async def test_any_error_of_the_catalogue_comes_for_the_next_sends_only() -> None:
    async with town(subscribed=False) as fresh:
        made = await greeted(fresh)
        made.meta.faults.add(Fault(kind="error", code=1, subcode=1357046, after_accept=True), times=2)
        assert [error(await made.write()) for _ in range(2)] == [(1, 1357046)] * 2
        assert len(made.meta.received_by("anna", made.page.id)) == 2
        made.meta.faults.add(Fault(kind="error", code=131016))
        refused = await made.whatsapp()
        assert (refused.status_code, error(refused)) == (500, (131016, 0))
        assert (await made.whatsapp()).status_code == 200


async def test_a_slow_answer_is_the_right_one() -> None:
    async with town(subscribed=False) as fresh:
        made = await greeted(fresh)
        made.meta.faults.add(Fault(kind="slow", seconds=0.01))
        assert (await made.write()).status_code == 200


async def test_a_seed_makes_the_same_trouble_every_time() -> None:
    runs = []
    for _ in range(2):
        async with town(subscribed=False) as fresh:
            made = await greeted(fresh)
            made.meta.faults.add_odds(Fault(kind="status"), 0.5)
            runs.append([(await made.write()).status_code for _ in range(12)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}


async def test_other_edges_go_well_unless_the_fault_is_for_all() -> None:
    async with town(subscribed=False) as made:
        made.meta.faults.add(Fault(kind="status"))
        assert (await made.get(made.page.id, "me")).status_code == 200
        made.meta.faults.add(Fault(kind="status", edge="*"))
        made.meta.faults.clear()
        assert (await made.get(made.page.id, "me")).json() == {"id": made.page.id, "name": "Kettles & Co"}
        assert made.meta.clock.now_ms() == NOON
