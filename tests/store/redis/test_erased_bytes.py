"""After an erasure no byte of the person is left: in no key and no value, and in no file of the server."""

from pathlib import Path

import pytest

from gateway.store.address import parse_redis
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.connection import Connection
from gateway.store.redis.upkeep.pressing import PARKED_MS, Pressing
from tests.redis_servers import SERVERS, server, until
from tests.store.crowds import ID, NAME, TEXT, fill
from tests.store.erasures import by, erase
from tests.store.opening import store_at
from tests.store.redis.searching import compressed, found, found_in_files
from tests.store.samples import NOW, PAGE, endpoint

pytestmark = pytest.mark.anyio

TEXTS = (ID, NAME, TEXT)


async def compress(url: str, shards: int) -> None:
    """What happens to events that lie for a while."""
    connection = Connection(parse_redis(url))
    await connection.open()
    while await Pressing(Shards(connection, shards), lambda: NOW).press(NOW + 2 * PARKED_MS):
        pass
    await connection.close()


@pytest.mark.parametrize("shards", [1, 4])
@pytest.mark.parametrize("name", SERVERS)
async def test_no_byte_is_left(tmp_path: Path, name: str, shards: int) -> None:
    # Snapshots too, as Redis makes them by default; nothing compressed, so that it could be found.
    with server(tmp_path, SERVERS[name], save="3600 1", rdbcompression="no") as redis_server:
        store = store_at(f"{redis_server.url}?shards={shards}", lambda: NOW)
        await store.open()
        await store.put_endpoint(endpoint())
        await fill(store, 100, seed=shards)
        await compress(redis_server.url, shards)
        bodies = compressed(redis_server.client, TEXTS)
        redis_server.client.save()
        looked_for = (*(text.encode() for text in TEXTS), *bodies)
        assert len(bodies) == 3 and len(found_in_files(tmp_path, looked_for)) == 2
        step = await erase(store, by("psid", ID, PAGE))
        await store.close()
        assert step.remains == ()
        assert found(redis_server.client, TEXTS) == []
        # Redis unlinks the files that it has replaced in a thread of its own.
        until(lambda: found_in_files(tmp_path, looked_for) == [])
