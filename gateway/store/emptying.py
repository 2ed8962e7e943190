"""What is left of an event whose content is gone: that it was, when, where, in which conversation. Pure."""

from msgspec import Raw, Struct, json

from adapters.event import Placement, place

_LEFT = frozenset(
    {
        *("id", "version", "revision", "supersedes", "platform", "event", "page_id", "waba_id"),
        *("timestamp", "timestamp_ms", "received_at_ms", "conversation_id", "sequence"),
        *("direction", "origin", "standby", "test", "backfilled", "signature_verified"),
    }
)
_decoder = json.Decoder(dict[str, Raw])


class _Left(Struct):
    content_removed: bool = False


_left = json.Decoder(_Left)


def emptied(body: bytes) -> bytes:
    """The event without anything that somebody said or is; it says so."""
    members = _decoder.decode(body)
    left = {name: value for name, value in members.items() if name in _LEFT}
    return place(json.encode(left), Placement(content_removed=True))


def is_emptied(body: bytes) -> bool:
    """Whether that has happened to a stored event."""
    return _left.decode(body).content_removed
