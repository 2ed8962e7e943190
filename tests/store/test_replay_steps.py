"""A replay makes deliveries due step by step, once each, whatever dies meanwhile."""

import sys

import pytest
from msgspec.structs import replace

from gateway.store.base import Store
from gateway.store.replay import Selection
from tests.children import child, said
from tests.conftest import REPOSITORY
from tests.store.conftest import OpenStore
from tests.store.replays import LATER, asked, due, ids, run, sparse
from tests.store.samples import DAY, LEASE, NOW, endpoint, message, reaction, succeeded

pytestmark = pytest.mark.anyio


MANY = 450


async def test_what_came_before_the_endpoint_goes_there_in_order_and_marked(store: Store) -> None:
    wanted = await ids(store, [message(f"m_{number}") for number in range(3)])
    await store.begin_replay(asked())
    assert await store.advance_replay(LATER) == "ep_1"
    ((first,), _) = await store.claim("ep_1", LATER, LEASE, 10, 10)
    assert (first.event_id, first.replay, first.attempts) == (wanted[0], True, 0)
    await store.finish([succeeded(first)])
    assert await due(store) == wanted[1:]


async def test_a_rate_is_kept_whenever_and_by_whomever_steps_are_made(store: Store) -> None:
    await store.accept(sparse(7))
    await store.begin_replay(asked(rate=3))
    made = []
    for moment in (LATER, LATER + 999, LATER + 1_000, LATER + 9_000, LATER + 10_000):
        await run(store, moment)
        found = await store.replay(None, "rpl_1")
        assert found is not None
        made.append((found.done, found.state))
    assert made == [(3, "running"), (3, "running"), (6, "running"), (7, "done"), (7, "done")]


async def test_the_step_that_takes_the_last_event_ends_the_replay(store: Store) -> None:
    await store.accept(sparse(3))
    await store.begin_replay(asked(rate=3))
    await store.advance_replay(LATER)
    found = await store.replay(None, "rpl_1")
    assert found is not None and (found.done, found.state) == (3, "done")


async def test_replays_take_turns(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_2"))
    await store.accept(sparse(MANY))
    await store.begin_replay(asked("rpl_1"))
    await store.begin_replay(asked("rpl_2", rate=1, endpoint_id="ep_2"))
    turns = [await store.advance_replay(LATER) for _ in range(3)]
    assert turns == ["ep_1", "ep_2", None]
    assert await store.advance_replay(LATER + 200) == "ep_1"


async def test_what_is_left_out_ends_no_replay_however_much_it_is(store: Store) -> None:
    await store.accept(sparse(5 * MANY))
    (wanted,) = await ids(store, [reaction("m_1")])
    await store.begin_replay(asked(selections=(Selection(events=("reaction.*",)),)))
    await run(store)
    assert await due(store) == [wanted]


async def test_a_cancelled_replay_makes_no_more_steps(store: Store) -> None:
    await store.accept(sparse(3))
    await store.begin_replay(asked(rate=1))
    await store.advance_replay(LATER)
    ended = await store.cancel_replay("default", "rpl_1", LATER + 5)
    assert ended is not None and (ended.state, ended.done, ended.finished_at) == ("cancelled", 1, LATER + 5)
    assert await run(store, LATER + DAY) == 0
    assert await store.cancel_replay("default", "rpl_1", LATER + 9) == ended


async def test_a_replay_ends_with_its_endpoint(store: Store) -> None:
    await store.accept(sparse(3))
    await store.begin_replay(asked(rate=1))
    await store.delete_endpoint("ep_1")
    assert await run(store) == 1
    found = await store.replay(None, "rpl_1")
    assert found is not None and (found.state, found.done) == ("cancelled", 0)


async def test_a_replay_goes_on_after_a_restart(open_store: OpenStore) -> None:
    first = await open_store()
    await first.put_endpoint(endpoint())
    wanted = await ids(first, sparse(MANY))
    await first.begin_replay(asked())
    await first.advance_replay(LATER)
    await first.close()
    second = await open_store()
    assert [await run(second, LATER + moment) for moment in (199, 200, 400)] == [0, 1, 1]
    assert await due(second, now=LATER + 400) == wanted


def killed_after(url: str, steps: int) -> None:
    """Let another process advance, and kill it in the middle of its work after so many steps."""
    command = [sys.executable, "-m", "tests.store.replaying", url]
    with child(command, REPOSITORY) as process:
        for _ in range(steps):
            assert said(process)


async def test_kill_9_neither_loses_nor_doubles_a_step(open_store: OpenStore, store_url: str) -> None:
    first = await open_store()
    await first.put_endpoint(endpoint())
    wanted = await ids(first, sparse(MANY))
    await first.begin_replay(replace(asked(rate=7), created_at=NOW))
    await first.close()
    for steps in (1, 9, 17):
        killed_after(store_url, steps)
    last = await open_store()
    moment = 2 * NOW
    while await last.advance_replay(moment) is not None:
        moment += 1_000
    found = await last.replay(None, "rpl_1")
    assert found is not None and (found.state, found.done) == ("done", MANY)
    assert await due(last, now=moment) == wanted
