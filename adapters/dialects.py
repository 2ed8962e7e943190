"""Whose dialect a body is in: each of its envelopes is read by the adapter for its own `object`."""

import hashlib

import msgspec
from msgspec import Raw, Struct, structs

from adapters import ADAPTERS
from adapters._envelope import readable
from adapters._members import items
from adapters.base import Adapter, Decoded, Inbound, Quarantined


class _Envelope(Struct):
    object: str


_envelope = msgspec.json.Decoder(_Envelope)
_BY_OBJECT: dict[str, Adapter] = {adapter.OBJECT: adapter for adapter in ADAPTERS.values()}


def decode(inbound: Inbound, by_path: Adapter) -> list[Decoded | Quarantined]:
    """Every element of the body, in its order; never raises.

    `by_path` is the adapter of the webhook's path; it reads what has no `object`, or one nobody knows.
    """
    envelopes = _envelopes(inbound.body)
    speakers = [_speaker(envelope, by_path) for envelope in envelopes]
    if all(speaker is speakers[0] for speaker in speakers):
        return (speakers[0] if speakers else by_path).decode(inbound)
    sha256 = hashlib.sha256(inbound.body).hexdigest()
    return [
        _placed(element, sha256, f"/{index}")
        for index, (envelope, speaker) in enumerate(zip(envelopes, speakers, strict=True))
        for element in speaker.decode(Inbound(bytes(envelope), inbound.headers))
    ]


def _envelopes(body: bytes) -> list[Raw] | list[bytes]:
    """The envelopes of an array of them; any other body as it is."""
    if not body.lstrip().startswith(b"["):
        return [body]
    try:
        return items(readable(body)) or []
    except RecursionError:
        return []


def _speaker(envelope: Raw | bytes, by_path: Adapter) -> Adapter:
    try:
        return _BY_OBJECT.get(_envelope.decode(envelope).object, by_path)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _speaker_of_mended(bytes(envelope), by_path)


def _speaker_of_mended(envelope: bytes, by_path: Adapter) -> Adapter:
    try:
        return _BY_OBJECT.get(_envelope.decode(readable(envelope)).object, by_path)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return by_path


def _placed(element: Decoded | Quarantined, sha256: str, where: str) -> Decoded | Quarantined:
    """An element of one envelope, as an element of the whole body."""
    if isinstance(element, Quarantined):
        return structs.replace(element, pointer=where + element.pointer)
    raw = element.event.raw
    if raw is None:
        return element
    placed = structs.replace(raw, sha256=sha256, pointer=where + raw.pointer)
    return structs.replace(element, event=structs.replace(element.event, raw=placed))
