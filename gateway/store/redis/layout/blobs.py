"""An event as it lies in Redis: a head that scripts read, and a body that only the gateway reads.

<customers>\n<conversation>\n<1 if it has a number in it>\n<marks>\n<P or Z><MessagePack, Z: compressed>

Marks: the revision where it is not the first, then `s` where it is superseded, `x` where no element is kept,
`e` where its content was removed.
"""

import zlib
from typing import Any

import msgspec
from msgspec import Raw, Struct

from gateway.store.redis.layout.dictionary import DICTIONARY

_PLAIN, _ZIPPED = b"P", b"Z"
_LEVEL = 6
_STR_32 = b"\xdb"


class StoredBody(Struct, array_like=True, gc=False):
    """What only the gateway reads of an event."""

    id: str
    received_at: int
    body: bytes
    envelope: bytes | None = None
    """None: too old, not wanted, or the gateway made the event."""
    start: int | None = None
    """Where the element is in the envelope; None: the gateway made the event."""
    end: int | None = None
    superseded_by: tuple[str, ...] = ()


class Head(Struct, frozen=True, gc=False):
    """What scripts read of an event."""

    customer_ids: tuple[str, ...]
    conversation_id: str = ""
    """Empty: it has none."""
    numbered: bool = False
    revision: int = 1
    superseded: bool = False
    has_element: bool = True
    emptied: bool = False

    def packed(self) -> bytes:
        """As it is written; its last line ends before the form of the body."""
        marks = "" if self.revision == 1 else str(self.revision)
        if self.superseded:
            marks += "s"
        if not self.has_element:
            marks += "x"
        if self.emptied:
            marks += "e"
        numbered = "1" if self.numbered else ""
        return f"{' '.join(self.customer_ids)}\n{self.conversation_id}\n{numbered}\n{marks}\n".encode()


class Blob(Struct, frozen=True):
    """An event, read."""

    head: Head
    content: StoredBody


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(StoredBody)


def packed(head: Head, content: StoredBody) -> bytes:
    """The whole event, not compressed."""
    return head.packed() + _PLAIN + _encoder.encode(content)


def pressed(head: Head, content: StoredBody) -> bytes:
    """The whole event, compressed."""
    return head.packed() + _ZIPPED + _press(_encoder.encode(content))


def unpacked(blob: bytes) -> Blob:
    """The event again."""
    *lines, content = blob.split(b"\n", 4)
    body = content[1:]
    if content[:1] == _ZIPPED:
        body = zlib.decompressobj(zdict=DICTIONARY).decompress(body)
    return Blob(_head(*lines), _decoder.decode(body))


def head_of(text: str) -> Head:
    """The head alone, without its last line's end."""
    return _head(*text.encode().split(b"\n"))


def zipped(blob: bytes) -> bytes | None:
    """The body of an event in fewer bytes; None: it is compressed already."""
    content = blob.split(b"\n", 4)[4]
    return None if content[:1] == _ZIPPED else _press(content[1:])


def _head(customers: bytes, conversation: bytes, numbered: bytes, marks: bytes) -> Head:
    return Head(
        customer_ids=tuple(customers.decode().split()),
        conversation_id=conversation.decode(),
        numbered=bool(numbered),
        revision=int(marks.rstrip(b"sxe") or 1),
        superseded=b"s" in marks,
        has_element=b"x" not in marks,
        emptied=b"e" in marks,
    )


def _press(content: bytes) -> bytes:
    press = zlib.compressobj(level=_LEVEL, zdict=DICTIONARY)
    return press.compress(content) + press.flush()


def as_text(value: bytes) -> Any:
    """Bytes, as the MessagePack of Redis' Lua can read them: it knows texts, and not what is in them."""
    return Raw(_STR_32 + len(value).to_bytes(4, "big") + value)
