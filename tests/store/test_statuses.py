"""Statuses: one that comes after a higher one says so."""

import pytest

from gateway.store.base import Store
from gateway.store.records import Arrival
from tests.store.conftest import OpenStore
from tests.store.samples import NOW, body_of, psid, status

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


async def test_a_status_up_to_a_moment_that_a_higher_one_has_passed_is_stale(store: Store) -> None:
    read, delivered = status(3, watermark_ms=NOW + 5), status(2, "m_1", watermark_ms=NOW + 4)
    assert await stale(store, read, delivered) == [False, True]


async def test_a_status_up_to_a_later_moment_is_not_stale(store: Store) -> None:
    read, delivered = status(3, watermark_ms=NOW + 5), status(2, "m_1", watermark_ms=NOW + 6)
    assert await stale(store, read, delivered) == [False, False]


async def test_a_watermark_never_goes_back(store: Store) -> None:
    reads = [status(3, watermark_ms=NOW + 9), status(3, watermark_ms=NOW + 1)]
    assert await stale(store, *reads, status(2, watermark_ms=NOW + 8)) == [False, False, True]


async def test_a_message_that_was_read_by_its_id_makes_a_late_delivery_stale(store: Store) -> None:
    assert await stale(store, status(3, "m_1"), status(2, "m_1", watermark_ms=NOW)) == [False, True]


async def test_a_watermark_says_nothing_of_another_conversation(store: Store) -> None:
    elsewhere = status(2, "m_1", watermark_ms=NOW, person=psid("2002"))
    assert await stale(store, status(3, watermark_ms=NOW), elsewhere) == [False, False]
