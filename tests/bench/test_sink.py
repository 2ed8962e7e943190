import asyncio
import base64
import hashlib
import hmac

import pytest

from bench.sink import Sink, signed
from bench.wire import message

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def delivery(webhook_id: str, body: bytes, secret: str = SECRET) -> bytes:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{webhook_id}.1790000000.".encode() + body
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    head = (
        f"POST / HTTP/1.1\r\nwebhook-id: {webhook_id}\r\nwebhook-timestamp: 1790000000\r\n"
        f"webhook-signature: v1,{signature}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def post(sink: Sink, *requests: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    for request in requests:
        writer.write(request[:40])
        await writer.drain()
        writer.write(request[40:])
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
    writer.close()
    await writer.wait_closed()


@pytest.mark.anyio
async def test_it_counts_messages_by_webhook_id_and_knows_them_by_number() -> None:
    sink = Sink()
    sink.secret = SECRET
    await sink.open()
    first, second = delivery("evt_a", b"bench-000000001"), delivery("evt_b", b"bench-000000002")
    await post(sink, first, second, first, delivery("evt_c", b"something else"))
    await sink.close()
    assert set(sink.arrivals) == {1, 2}
    assert (sink.repeated, sink.strange, sink.checked, sink.forged) == (1, 1, 1, 0)


@pytest.mark.anyio
async def test_it_notices_a_wrong_signature() -> None:
    sink = Sink()
    sink.secret = SECRET
    await sink.open()
    await post(sink, delivery("evt_a", b"bench-000000001", secret="whsec_" + "A" * 32))
    await sink.close()
    assert (sink.checked, sink.forged) == (1, 1)


@pytest.mark.anyio
async def test_waiting_ends_with_the_last_message_or_with_the_time() -> None:
    sink = Sink()
    await sink.open()
    assert not await sink.received(1, limit_s=0.01)
    waiting = asyncio.create_task(sink.received(1, limit_s=10))
    await post(sink, delivery("evt_a", b"bench-000000001"))
    assert await waiting
    await sink.close()


@pytest.mark.anyio
async def test_a_closed_sink_refuses_connections() -> None:
    sink = Sink()
    await sink.open()
    await sink.close()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", sink.port)


def test_one_right_signature_among_several_is_enough() -> None:
    complete = message(delivery("evt_a", b"{}"))
    assert complete is not None
    head, body = complete
    assert signed(head.replace(b"signature: ", b"signature: v1,AAAA v1a,BBBB "), body, SECRET)
    assert not signed(head, b"{ }", SECRET)
