"""An event as it lies in Redis: a head that scripts read, and a body that only the gateway reads.

<customers>\n<conversation>\n<1 if it has a number in it>\n<P or Z><MessagePack, Z: compressed>
"""

import zlib
from typing import Any

import msgspec
from msgspec import Raw, Struct

from gateway.store.redis.dictionary import DICTIONARY

_PLAIN, _ZIPPED = b"P", b"Z"
_STR_32 = b"\xdb"


class StoredBody(Struct, array_like=True):
    """What only the gateway reads of an event."""

    id: str
    received_at: int
    body: bytes
    envelope: bytes | None = None
    start: int = 0
    end: int = 0


class Blob(Struct, frozen=True):
    """An event, read."""

    customer_ids: tuple[str, ...]
    conversation_id: str
    """Empty: it has none."""
    content: StoredBody


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(StoredBody)


def head(customer_ids: tuple[str, ...], conversation_id: str, *, numbered: bool) -> bytes:
    """What scripts read."""
    return f"{' '.join(customer_ids)}\n{conversation_id}\n{'1' if numbered else ''}\n".encode()


def packed(head: bytes, content: StoredBody) -> bytes:
    """The whole event, not compressed."""
    return head + _PLAIN + _encoder.encode(content)


def unpacked(blob: bytes) -> Blob:
    """The event again."""
    customers, conversation, _, content = blob.split(b"\n", 3)
    body = content[1:]
    if content[:1] == _ZIPPED:
        body = zlib.decompressobj(zdict=DICTIONARY).decompress(body)
    return Blob(tuple(customers.decode().split()), conversation.decode(), _decoder.decode(body))


def zipped(blob: bytes) -> bytes | None:
    """The same event in fewer bytes; None: it is compressed already."""
    customers, conversation, numbered, content = blob.split(b"\n", 3)
    if content[:1] == _ZIPPED:
        return None
    press = zlib.compressobj(level=6, zdict=DICTIONARY)
    body = press.compress(content[1:]) + press.flush()
    return b"\n".join((customers, conversation, numbered, _ZIPPED + body))


def as_text(value: bytes) -> Any:
    """Bytes, as the MessagePack of Redis' Lua can read them: it knows texts, and not what is in them."""
    return Raw(_STR_32 + len(value).to_bytes(4, "big") + value)
