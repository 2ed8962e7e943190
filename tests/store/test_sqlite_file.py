"""The file: one process owns it, a crash loses nothing, secrets are not readable in it."""

import sqlite3
import sys
from pathlib import Path

import pytest

from gateway.store.base import Store, StoreInUse, StoreUnavailable, WrongEncryptionKey
from gateway.store.records import Backlog, EventFilter, PageRequest
from gateway.store.sqlite import SqliteStore
from gateway.store.sqlite.file.schema import migrate, scripts, version
from gateway.vault import Vault
from tests.children import child, said
from tests.conftest import REPOSITORY
from tests.store.opening import KEY
from tests.store.samples import DAY, LEASE, NOW, body_of, claimed, endpoint, message, retaining
from tests.store.test_configuration import ACCOUNT, APP, ENDPOINT

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway.db"


async def opened(path: Path, key: bytes = KEY) -> Store:
    store = SqliteStore(path, Vault(key), lambda: NOW)
    await store.open()
    return store


def contents(path: Path) -> bytes:
    """Every byte of the store's files."""
    return b"".join(one.read_bytes() for one in path.parent.iterdir())


async def test_a_second_process_is_refused_with_the_remedy(path: Path) -> None:
    store = await opened(path)
    with pytest.raises(StoreInUse, match=r"gateway\.db belongs to another running gateway\. Stop that one"):
        await opened(path)
    await store.close()
    await (await opened(path)).close()


async def test_another_encryption_key_is_refused_by_its_name(path: Path) -> None:
    await (await opened(path)).close()
    with pytest.raises(WrongEncryptionKey, match="GATEWAY_ENCRYPTION_KEY"):
        await opened(path, b"x" * 32)
    await (await opened(path)).close()


async def test_secrets_are_not_in_the_file(path: Path) -> None:
    store = await opened(path)
    await store.put_app(APP)
    await store.put_account(ACCOUNT)
    await store.put_endpoint(ENDPOINT)
    secrets = [*APP.app_secrets, APP.verify_token, ACCOUNT.access_token, "whsec_c2VjcmV0", "hidden"]
    secrets += [ENDPOINT.signing_key, ENDPOINT.authorization]
    written = contents(path)
    await store.close()
    assert b"receiver.example" in written
    assert not [one for one in secrets if one and len(one) > 2 and one.encode() in written + contents(path)]


async def test_pruned_events_leave_no_bytes_behind(path: Path) -> None:
    store = await opened(path)
    await store.accept([message()])
    while await store.prune(NOW + 60 * DAY, retaining(), 100):
        pass
    await store.close()
    assert b'"body":"hello"' not in contents(path)


async def test_only_its_user_reads_the_file(path: Path) -> None:
    store = await opened(path)
    modes = {one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    await store.close()
    assert modes == {0o600}


def acknowledged_before_kill(path: Path, count: int) -> list[str]:
    """What a process acknowledged that was killed after `count` of them."""
    command = [sys.executable, "-m", "tests.store.acknowledging", f"sqlite:///{path}"]
    with child(command, REPOSITORY) as process:
        lines = [said(process) for _ in range(count)]
        process.kill()
        lines += iter(lambda: said(process), "")
    return [line.strip() for line in lines if line.endswith("\n")]


async def test_what_was_acknowledged_survives_kill_9(path: Path) -> None:
    acknowledged = acknowledged_before_kill(path, 300)
    store = await opened(path)
    found = [await store.event(None, event_id) for event_id in acknowledged]
    jobs, _ = await store.claim("ep_1", 2 * NOW, LEASE, 100, 0)
    page = await store.events(None, EventFilter(), PageRequest(limit=10_000))
    await store.close()
    assert len(set(acknowledged)) >= 300 and None not in found
    numbers: dict[str, list[int]] = {}
    for one in page.data:
        numbers.setdefault(body_of(one)["conversation_id"], []).append(body_of(one)["sequence"])
    assert all(sorted(line) == list(range(1, len(line) + 1)) for line in numbers.values())
    # One head per conversation: all leases of the dead process are void.
    assert len(jobs) == len(numbers)


async def test_a_start_voids_the_leases_of_the_process_before(path: Path) -> None:
    store = await opened(path)
    await store.put_endpoint(endpoint())
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    await store.close()
    store = await opened(path)
    assert await store.backlog() == [Backlog(endpoint_id="ep_1", due_at=NOW)]
    ((job,), _) = await store.claim("ep_1", NOW, LEASE, 10, 10)
    assert (job.delivery_id, job.claim) == (admission.jobs[0].delivery_id, 2)
    await store.close()


async def test_a_store_of_version_1_is_brought_up_to_date(path: Path) -> None:
    first = sqlite3.connect(path, isolation_level=None)
    migrate(first, scripts()[:1])
    first.execute("INSERT INTO customers (id, record) VALUES ('cus_1', ?)", (CUSTOMER_OF_VERSION_1,))
    first.close()
    store = await opened(path)
    found = await store.configuration()
    health = await store.health()
    await store.close()
    assert [one.id for one in found.customers] == ["cus_1", "default"]
    assert health.facts["version"] == len(scripts())


async def test_deliveries_of_an_older_version_get_the_format_that_their_endpoint_had(path: Path) -> None:
    old = sqlite3.connect(path, isolation_level=None)
    migrate(old, scripts()[:2])
    record = b'{"id":"ep_1","format":"cloudevents","include_raw":true}'
    old.execute("INSERT INTO endpoints (key, id, customer, record) VALUES (1, 'ep_1', 1, ?)", (record,))
    old.execute("INSERT INTO open_deliveries VALUES (7, 1, NULL, 0, 5, 0, 0, NULL, 0, 5)")
    migrate(old, scripts())
    assert old.execute("SELECT format, include_raw FROM open_deliveries").fetchall() == [("cloudevents", 1)]
    old.close()


CUSTOMER_OF_VERSION_1 = b'{"id":"cus_1","name":"One","created_at":1767225600000,"metadata":{}}'


def test_migrations_run_once_and_one_by_one(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    steps = ["CREATE TABLE a (x);", "CREATE TABLE b (x);", "CREATE TABLE b (x);"]
    migrate(connection, steps[:1])
    migrate(connection, steps[:2])
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, steps)
    assert version(connection) == 2
    connection.close()


async def test_a_file_of_a_newer_gateway_is_left_alone(path: Path) -> None:
    future = sqlite3.connect(path)
    future.execute("PRAGMA user_version = 999")
    future.close()
    with pytest.raises(StoreUnavailable, match="999"):
        await opened(path)


@pytest.fixture
def letter(path: Path) -> Path:
    path.write_bytes(b"This is a letter, and long enough to have a header." * 20)
    return path


async def test_a_file_that_is_no_store_is_refused(letter: Path) -> None:
    with pytest.raises(StoreUnavailable, match="not a database"):
        await opened(letter)


async def test_health_is_a_write_that_succeeds(path: Path) -> None:
    store = await opened(path)
    assert (await store.health()).writable
    await store.close()
    health = await store.health()
    assert not health.writable and "closed" in health.detail
