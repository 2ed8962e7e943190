"""Statuses: one that comes after a higher one says so."""

import pytest

from gateway.store.base import Store
from gateway.store.records import Arrival
from tests.store.conftest import OpenStore
from tests.store.samples import body_of, status

pytestmark = pytest.mark.anyio


async def stale(store: Store, *arrivals: Arrival) -> list[bool]:
    """Which of these statuses were stored as stale."""
    admissions = [(await store.accept([one]))[0] for one in arrivals]
    stored = [await store.event(None, one.event_id) for one in admissions]
    return [body_of(one)["status"].get("stale", False) for one in stored]


async def test_a_lower_rank_after_a_higher_one_is_stale(store: Store) -> None:
    assert await stale(store, status(1, "m_1"), status(3, "m_1"), status(2, "m_1")) == [False, False, True]


async def test_each_message_has_its_own_rank(store: Store) -> None:
    assert await stale(store, status(3, "m_1"), status(1, "m_2"), status(2, "m_1", "m_2")) == [False] * 3


async def test_a_status_of_several_messages_is_stale_when_all_were_further(store: Store) -> None:
    assert await stale(store, status(3, "m_1", "m_2"), status(2, "m_1", "m_2")) == [False, True]


async def test_ranks_are_known_after_a_restart(open_store: OpenStore) -> None:
    store = await open_store()
    await store.accept([status(3, "m_1")])
    await store.close()
    assert await stale(await open_store(), status(2, "m_1")) == [True]
