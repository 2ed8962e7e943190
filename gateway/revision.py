"""What a stored event is when its element is decoded again: pure, from its bytes and the decoding.

What only the store could say stays as it was stored: the keys beside the adapter's (`Placement`), and a
few members inside the body objects. `raw` goes on pointing into the body that was received.
"""

from typing import Any

from msgspec import Raw, Struct, json
from msgspec.structs import replace

from adapters.base import Decoded
from adapters.event import Event, Placement, encode


class _Reference(Struct):
    sha256: str
    pointer: str


class _Stored(Struct):
    raw: _Reference | None = None


_NUMBER = "revision"
_KEPT = tuple(key for key in Placement.__struct_encode_fields__ if key != _NUMBER)
_KEPT_INSIDE = {
    "message": "target",
    "reaction": "target",
    "identity": "previous_conversation_id",
    "status": "stale",
}
"""Body object → the member of it that the store adds."""
_source = json.Decoder(_Stored)
_members = json.Decoder(dict[str, Raw])
_encode = json.Encoder().encode


def revised(stored: bytes, decoded: Decoded) -> bytes | None:
    """The event as it is read today, complete but for its `revision`; None: it is as it was."""
    before = _members.decode(stored)
    after = _members.decode(encode(with_reference(decoded.event, stored)))
    for part, member in _KEPT_INSIDE.items():
        if part in before and part in after:
            after[part] = _with_kept(before[part], after[part], member, decoded)
    body = _encode(after | {key: before[key] for key in _KEPT if key in before})
    return None if _content(body) == _content(stored) else body


def with_reference(event: Event, stored: bytes) -> Event:
    """The event with the stored one's way into the received body: the kept envelope is only a part of it."""
    reference = _source.decode(stored).raw
    if reference is None or event.raw is None:
        return event
    return replace(event, raw=replace(event.raw, sha256=reference.sha256, pointer=reference.pointer))


def _with_kept(before: Raw, after: Raw, member: str, decoded: Decoded) -> Raw:
    known = json.decode(before).get(member)
    if known is None or (member == "target" and known.get("message_id") != decoded.target):
        return after
    return Raw(_encode(json.decode(after) | {member: known}))


def _content(body: bytes) -> dict[str, Any]:
    """What counts as the content: not the order of the keys, nor how often it changed."""
    content: dict[str, Any] = json.decode(body)
    content.pop(_NUMBER, None)
    return content
