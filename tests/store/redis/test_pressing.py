"""Compressing what is parked: nobody can tell, but by the room that it takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store.address import parse_redis
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.blobs import StoredBody
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.connection import Connection
from gateway.store.redis.upkeep.pressing import PARKED_MS, Pressing
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.samples import LEASE, NOW, endpoint, message, psid, queued

pytestmark = pytest.mark.anyio


async def test_parked_events_are_read_as_before(redis_server: RedisServer) -> None:
    store = store_at(redis_server.url, lambda: NOW)
    await store.open()
    await store.put_endpoint(endpoint())
    sent = [message(f"m_{n}", psid(str(n)), routes=queued("ep_1"), customer_ids=()) for n in range(50)]
    ids = [admission.event_id for admission in await store.accept(sent)]
    before = [(await store.event(None, one), await store.raw(None, one)) for one in ids]
    connection = Connection(parse_redis(redis_server.url))
    await connection.open()
    pressing = Pressing(Shards(connection, 1), lambda: NOW)
    assert await pressing.press(NOW + PARKED_MS) == 0
    assert await pressing.press(NOW + PARKED_MS + 1) == 100
    assert await pressing.press(NOW + PARKED_MS + 1) == 0
    await connection.close()
    assert [(await store.event(None, one), await store.raw(None, one)) for one in ids] == before
    assert await store.redeliver(None, ids[0], "ep_1", NOW)
    jobs, _ = await store.claim("ep_1", NOW, LEASE, 100, 0)
    assert {job.body for job in jobs} == {stored.body for stored, _ in before if stored is not None}
    await store.close()


@given(st.binary(), st.binary(), st.lists(st.from_regex(r"[a-z_0-9]+", fullmatch=True), max_size=3))
def test_an_event_comes_out_as_it_went_in(body: bytes, envelope: bytes, customers: list[str]) -> None:
    content = StoredBody("evt_1", NOW, body, envelope, 1, 2)
    head = blobs.Head(customer_ids=tuple(customers), conversation_id="conv_fb_1", numbered=True)
    plain = blobs.packed(head, content)
    small = blobs.zipped(plain)
    assert small is not None
    for blob in (plain, head.packed() + b"Z" + small):
        assert blobs.unpacked(blob) == blobs.Blob(head, content)
    assert blobs.zipped(head.packed() + b"Z" + small) is None
