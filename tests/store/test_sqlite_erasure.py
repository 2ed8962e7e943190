"""After an erasure no byte of the person is left in the files, wherever SQLite may have put it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.store.conftest import CountedIds
from tests.store.crowds import ID, NAME, TEXT, fill
from tests.store.erasures import by, erase, left_in
from tests.store.opening import KEY
from tests.store.samples import NOW, PAGE, endpoint

pytestmark = pytest.mark.anyio


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), people=st.integers(1, 400))
async def test_no_byte_is_left_while_the_store_is_open(
    tmp_path_factory: pytest.TempPathFactory, seed: int, people: int
) -> None:
    directory: Path = tmp_path_factory.mktemp("erased")
    store = SqliteStore(directory / "gateway.db", Vault(KEY), lambda: NOW, CountedIds())
    await store.open()
    try:
        await store.put_endpoint(endpoint())
        await fill(store, people, seed)
        assert left_in(directory, ID, NAME, TEXT)
        await erase(store, by("psid", ID, PAGE))
        assert left_in(directory, ID, NAME, TEXT) == []
    finally:
        await store.close()
    assert left_in(directory, ID, NAME, TEXT) == []
