"""Requests under a key: exactly one is the first, and its answer can be had again for a day."""

import asyncio
from pathlib import Path

import pytest

from gateway.store.base import Store
from gateway.store.keyed import KEYED_MS, EarlierRequest, KeyedAnswer, KeyedRequest
from tests.store.conftest import OpenStore
from tests.store.samples import NOW, retaining

pytestmark = pytest.mark.anyio

REQUEST = KeyedRequest(key=b"k" * 32, fingerprint=b"f" * 32)
ANSWER = KeyedAnswer(status=201, media_type="application/json", body=b'{"secret":"whsec_shown-once"}')
RUNNING = EarlierRequest(fingerprint=REQUEST.fingerprint, answer=None)
DONE = EarlierRequest(fingerprint=REQUEST.fingerprint, answer=ANSWER)


def on_disk(folder: Path) -> bytes:
    """All bytes of the store's files, if it has any."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_of_several_at_once_one_is_the_first(store: Store) -> None:
    found = await asyncio.gather(*(store.begin_keyed(REQUEST, NOW) for _ in range(5)))
    assert found.count(None) == 1
    assert found.count(RUNNING) == 4


async def test_the_answer_can_be_had_again(store: Store) -> None:
    await store.begin_keyed(REQUEST, NOW)
    await store.end_keyed(REQUEST, ANSWER)
    assert await store.begin_keyed(REQUEST, NOW + KEYED_MS - 1) == DONE


async def test_another_request_under_the_key_learns_of_the_first(store: Store) -> None:
    await store.begin_keyed(REQUEST, NOW)
    another = KeyedRequest(key=REQUEST.key, fingerprint=b"g" * 32)
    assert await store.begin_keyed(another, NOW) == RUNNING


async def test_without_an_answer_the_key_is_free_again(store: Store) -> None:
    await store.begin_keyed(REQUEST, NOW)
    await store.end_keyed(REQUEST, None)
    assert await store.begin_keyed(REQUEST, NOW) is None


async def test_after_a_day_the_key_is_free_again(store: Store) -> None:
    await store.begin_keyed(REQUEST, NOW)
    await store.end_keyed(REQUEST, ANSWER)
    assert await store.begin_keyed(REQUEST, NOW + KEYED_MS) is None
    assert await store.begin_keyed(REQUEST, NOW + KEYED_MS) == RUNNING


async def test_answers_outlive_the_process_and_so_does_what_it_died_over(open_store: OpenStore) -> None:
    store = await open_store()
    cut_off = KeyedRequest(key=b"c" * 32, fingerprint=b"f" * 32)
    await store.begin_keyed(REQUEST, NOW)
    await store.end_keyed(REQUEST, ANSWER)
    await store.begin_keyed(cut_off, NOW)
    await store.close()
    store = await open_store()
    assert await store.begin_keyed(REQUEST, NOW) == DONE
    assert await store.begin_keyed(cut_off, NOW) == RUNNING


async def test_what_is_too_old_is_deleted_in_steps(store: Store) -> None:
    for number in range(3):
        await store.begin_keyed(KeyedRequest(key=bytes([number]), fingerprint=b""), NOW)
    await store.begin_keyed(REQUEST, NOW + 1)
    assert [await store.prune(NOW + KEYED_MS, retaining(), 2) for _ in range(3)] == [2, 1, 0]
    assert await store.begin_keyed(REQUEST, NOW + KEYED_MS) == RUNNING


async def test_no_answer_lies_in_the_file_in_clear(store: Store, tmp_path: Path) -> None:
    await store.begin_keyed(REQUEST, NOW)
    await store.end_keyed(REQUEST, ANSWER)
    assert b"whsec_shown-once" not in on_disk(tmp_path)


def test_an_answer_has_a_repr_without_its_body() -> None:
    assert "whsec" not in repr(DONE)
