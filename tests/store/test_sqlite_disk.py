"""The disk: nothing new below the floor, nothing lost when it fills up all the same, and the way back."""

import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.base import Quarantined
from gateway.store.errors import IntakeStopped
from gateway.store.records import EventFilter, PageRequest
from gateway.store.sqlite import Room, SqliteStore
from gateway.vault import Vault
from tests.conftest import REPOSITORY
from tests.disks import ballast, small_disk
from tests.patience import SOON
from tests.store.opening import KEY
from tests.store.samples import (
    DAY,
    LEASE,
    NOW,
    arrival,
    endpoint,
    event,
    message,
    queued,
    retaining,
    succeeded,
)
from tests.store.whole.outgoing import begun, outgoing, progress
from tests.store.whole.outgoing import finish as sent

pytestmark = pytest.mark.anyio

FLOOR = 100 << 20
UNREADABLE = [Quarantined(reason="not_json", pointer="", body=b"{")]


class Space:
    """What is free, as a test says."""

    def __init__(self) -> None:
        self.bytes = FLOOR

    def __call__(self, folder: Path) -> int:
        return self.bytes


@pytest.fixture
def space() -> Space:
    return Space()


@pytest.fixture
async def store(tmp_path: Path, space: Space) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "gateway.db", Vault(KEY), lambda: NOW, room=Room(FLOOR, space))
    await store.open()
    await store.put_endpoint(endpoint())
    yield store
    await store.close()


async def test_below_the_floor_nothing_new_is_taken_in(store: SqliteStore, space: Space) -> None:
    space.bytes = FLOOR - 1
    health = await store.health()
    assert not health.writable
    assert health.reason == "99 MiB of disk space are free, 100 MiB must be"
    with pytest.raises(IntakeStopped, match="99 MiB"):
        await store.accept([message()])
    with pytest.raises(IntakeStopped):
        await store.quarantine("facebook", NOW, UNREADABLE)


async def test_below_the_floor_no_message_is_taken_on_and_those_that_were_go_out(
    store: SqliteStore, space: Space
) -> None:
    await store.outbox.add(outgoing())
    space.bytes = 0
    await store.health()
    with pytest.raises(IntakeStopped):
        await store.outbox.add(outgoing("msg_2", to="2002"))
    await sent(store, await begun(store), "accepted")
    assert (await progress(store)).state == "sent"
    assert await store.outbox.message(None, "msg_2") is None


async def test_below_the_floor_what_is_stored_is_delivered_and_pruned(
    store: SqliteStore, space: Space
) -> None:
    await store.accept([message(routes=queued("ep_1"))])
    space.bytes = 0
    await store.health()
    jobs, _ = await store.claim("ep_1", NOW, LEASE, 1, 0)
    (settled,) = await store.finish([succeeded(job) for job in jobs])
    assert settled.moved
    assert await store.prune(NOW + 31 * DAY, retaining(), 100)


async def test_events_are_taken_in_again_once_there_is_space(store: SqliteStore, space: Space) -> None:
    for free in (0, FLOOR):
        space.bytes = free
        health = await store.health()
    assert health.writable and health.reason is None
    assert health.facts["intake_stops"] == 1
    (admission,) = await store.accept([message()])
    assert admission.state == "stored"


async def test_a_start_without_space_takes_nothing_in(tmp_path: Path, space: Space) -> None:
    space.bytes = 0
    store = SqliteStore(tmp_path / "gateway.db", Vault(KEY), lambda: NOW, room=Room(FLOOR, space))
    await store.open()
    with pytest.raises(IntakeStopped):
        await store.accept([message()])
    await store.close()


async def test_each_change_is_one_line_in_the_log(
    store: SqliteStore, space: Space, caplog: pytest.LogCaptureFixture
) -> None:
    for free in (0, 0, FLOOR, FLOOR):
        space.bytes = free
        await store.health()
    written = [(record.levelno, record.getMessage()) for record in caplog.records]
    assert written == [
        (
            logging.ERROR,
            'nothing new is taken in reason="0 MiB of disk space are free, 100 MiB must be"',
        ),
        (logging.WARNING, "events are taken in again"),
    ]


async def test_a_disk_that_cannot_be_measured_is_not_trusted(tmp_path: Path) -> None:
    def unreadable(folder: Path) -> int:
        raise OSError("no such device")

    store = SqliteStore(tmp_path / "gateway.db", Vault(KEY), lambda: NOW, room=Room(FLOOR, unreadable))
    await store.open()
    assert not (await store.health()).writable
    await store.close()


async def test_the_figures_tell_what_is_used_and_what_is_free(store: SqliteStore, space: Space) -> None:
    await store.accept([arrival(event("comment.received", f"c_{n}")) for n in range(300)])
    before = (await store.health()).facts
    while await store.prune(NOW + 60 * DAY, retaining(), 1_000):
        pass
    after = (await store.health()).facts
    assert before["free_disk_bytes"] == FLOOR and before["wal_bytes"] > 0
    assert after["bytes"] == before["bytes"]
    assert after["unused_bytes"] > before["unused_bytes"] + 300 * 500


async def test_what_was_pruned_makes_room_for_what_comes(store: SqliteStore) -> None:
    sizes = []
    for month in range(8):
        at = NOW + month * 31 * DAY
        comments = [arrival(event("comment.received", f"c_{month}_{n}"), at=at) for n in range(500)]
        await store.accept(comments)
        while await store.prune(at, retaining(), 1_000):
            pass
        sizes.append((await store.health()).facts["bytes"])
    assert sizes[-1] < 1.2 * sizes[1]


async def count(store: SqliteStore) -> int:
    """How many messages are stored."""
    which, page = EventFilter(event="message.received"), PageRequest(limit=100_000)
    return len((await store.events(None, which, page)).data)


async def test_a_disk_that_is_really_full_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as disk:
        path = disk / "gateway.db"
        store = SqliteStore(path, Vault(KEY), lambda: NOW)
        await store.open()
        acknowledged = 0
        with ballast(disk, 6):
            with pytest.raises(IntakeStopped):
                while True:
                    await store.accept([message(f"m_{acknowledged}")])
                    acknowledged += 1
            health = await store.health()
            assert (health.writable, health.reason) == (False, "the disk is full or fails")
        assert (await store.health()).writable
        await store.accept([message("the last")])
        await store.close()
        again = SqliteStore(path, Vault(KEY), lambda: NOW)
        await again.open()
        found = await count(again)
        await again.close()
    assert acknowledged > 100
    assert found == acknowledged + 1


def filled(path: Path, limit: int) -> "subprocess.CompletedProcess[str]":
    """A process that has come to its limit, and on when it was lifted."""
    command = [sys.executable, "-m", "tests.store.filling", str(path), str(limit)]
    return subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=2 * SOON, check=False
    )


async def test_a_file_that_cannot_grow_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    run = filled(path, 2 << 20)
    assert run.returncode == 0, run.stderr
    acknowledged, stopped, lifted = run.stdout.split()
    store = SqliteStore(path, Vault(KEY), lambda: NOW)
    await store.open()
    found = await count(store)
    await store.close()
    assert (stopped, lifted) == ("False", "True")
    assert int(acknowledged) > 100
    assert found == int(acknowledged) + 1
