"""Key rotation: nothing is lost, nothing stays under the old key, and a crash in the midst costs nothing."""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.store.base import Store, StoreInUse, WrongEncryptionKey
from gateway.store.keyed import EarlierRequest
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.children import child, said
from tests.conftest import REPOSITORY
from tests.store.opening import KEY
from tests.store.resealing import NEW_KEY
from tests.store.samples import NOW, endpoint
from tests.store.test_configuration import ACCOUNT, APP, ENDPOINT
from tests.store.test_keyed import ANSWER, REQUEST

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(path: Path, *keys: bytes) -> AsyncIterator[Store]:
    """The store of the test under these keys."""
    store = SqliteStore(path, Vault(*keys), lambda: NOW)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A store with every kind of secret in it, and an endpoint that has been deleted."""
    path = tmp_path / "gateway.db"
    async with opened(path, KEY) as store:
        await store.put_app(APP)
        await store.put_account(ACCOUNT)
        await store.put_endpoint(ENDPOINT)
        await store.put_endpoint(endpoint("ep_deleted"))
        await store.delete_endpoint("ep_deleted")
        await store.begin_keyed(REQUEST, NOW)
        await store.end_keyed(REQUEST, ANSWER)
    return path


async def assert_whole(store: Store) -> None:
    """Every secret opens."""
    found = await store.configuration()
    assert (found.apps, found.accounts, found.endpoints) == ((APP,), (ACCOUNT,), (ENDPOINT,))
    earlier = await store.begin_keyed(REQUEST, NOW)
    assert earlier == EarlierRequest(fingerprint=REQUEST.fingerprint, answer=ANSWER)


def sealed_under(key: bytes, path: Path) -> int:
    """How many sealed values under this key lie in the files, deleted ones too."""
    mark = b"\x01" + Vault(key).key_id
    return sum(one.read_bytes().count(mark) for one in path.parent.iterdir())


async def test_after_a_rotation_the_new_key_alone_opens_everything(path: Path) -> None:
    async with opened(path, NEW_KEY, KEY) as store:
        # App, account, endpoint, answer, and what the key itself is checked by.
        assert await store.reseal() == 5
        await assert_whole(store)
    async with opened(path, NEW_KEY) as store:
        await assert_whole(store)
    with pytest.raises(WrongEncryptionKey):
        async with opened(path, KEY):
            pass


async def test_nothing_under_the_old_key_is_left_in_the_files(path: Path) -> None:
    assert sealed_under(KEY, path) >= 5
    async with opened(path, NEW_KEY, KEY) as store:
        await store.reseal()
    assert sealed_under(KEY, path) == 0


async def test_a_list_opens_what_either_key_has_sealed(path: Path) -> None:
    async with opened(path, NEW_KEY, KEY) as store:
        await store.put_endpoint(endpoint("ep_3"))
    async with opened(path, KEY, NEW_KEY) as store:
        assert {one.id for one in (await store.configuration()).endpoints} == {"ep_2", "ep_3"}


async def test_rotating_twice_is_harmless(path: Path) -> None:
    async with opened(path, NEW_KEY, KEY) as store:
        assert await store.reseal() == await store.reseal()
        await assert_whole(store)


async def test_a_key_that_is_missing_from_the_list_changes_nothing(path: Path) -> None:
    async with opened(path, NEW_KEY, KEY) as store:
        await store.put_endpoint(endpoint("ep_3"))
    third = b"3" * 32
    async with opened(path, third, KEY) as store:
        with pytest.raises(WrongEncryptionKey, match=r"endpoints/ep_3.*GATEWAY_ENCRYPTION_KEY"):
            await store.reseal()
    assert sealed_under(third, path) == 0
    async with opened(path, NEW_KEY, KEY) as store:
        await store.delete_endpoint("ep_3")
        await assert_whole(store)


async def test_while_a_gateway_runs_it_is_refused(path: Path) -> None:
    async with opened(path, KEY):
        with pytest.raises(StoreInUse, match="Stop that one"):
            async with opened(path, NEW_KEY, KEY):
                pass


def kill_halfway(path: Path) -> None:
    """A rotation that is killed when some of the secrets are sealed anew."""
    command = [sys.executable, "-m", "tests.store.resealing", str(path)]
    with child(command, REPOSITORY) as process:
        assert said(process) == "halfway\n"


@pytest.mark.parametrize("keys", [(NEW_KEY, KEY), (KEY,)])
async def test_kill_9_in_the_midst_leaves_a_store_that_opens(path: Path, keys: tuple[bytes, ...]) -> None:
    kill_halfway(path)
    async with opened(path, *keys) as store:
        await assert_whole(store)
    async with opened(path, NEW_KEY, KEY) as store:
        await store.reseal()
    async with opened(path, NEW_KEY) as store:
        await assert_whole(store)


async def test_neither_a_key_nor_a_secret_shows_on_the_way(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with opened(path, NEW_KEY, KEY) as store:
        await store.reseal()
    with pytest.raises(WrongEncryptionKey) as refusal:
        async with opened(path, KEY):
            pass
    shown = f"{caplog.text} {refusal.value!r} {refusal.value.__cause__!r}"
    secrets = [NEW_KEY.decode(), KEY.decode(), "EAAtoken", "whsec_", "whsk_", "open-sesame", "shown-once"]
    assert not [one for one in secrets if one in shown]
