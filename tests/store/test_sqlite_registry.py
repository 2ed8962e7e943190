"""What it costs to find an endpoint among many: one step, whatever the others are."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.store.sqlite import SqliteStore
from gateway.store.sqlite.events.endpoints import BACKLOG
from gateway.store.sqlite.layout.registry import Registry
from gateway.vault import Vault
from tests.store.samples import endpoint

pytestmark = pytest.mark.anyio


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[Path]:
    """A store with twenty endpoints."""
    store = SqliteStore(tmp_path / "gateway.db", Vault(bytes(32)))
    await store.open()
    for number in range(20):
        await store.put_endpoint(endpoint(f"ep_{number}"))
    yield tmp_path / "gateway.db"
    await store.close()


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as opened:
        yield opened


async def test_the_writer_reads_one_endpoint_once_and_none_of_the_others(
    connection: sqlite3.Connection,
) -> None:
    steps: list[str] = []
    registry = Registry(connection)
    connection.set_trace_callback(steps.append)
    found = [registry.endpoint("ep_7") for _ in range(2)]
    assert found[0] is not None and found[0] is found[1] and found[0].id == "ep_7"
    assert len(steps) == 1 and "WHERE e.id = 'ep_7'" in steps[0]


async def test_the_backlog_is_read_by_index(connection: sqlite3.Connection) -> None:
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {BACKLOG}")]
    assert any("open_deliveries_due (endpoint=? AND stage=?)" in step for step in plan)
    assert not any(step.startswith("SCAN d") for step in plan)
