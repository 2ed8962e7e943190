"""What the Meta platforms share: the signature, the handshake, and the envelope around the elements.

Meta, "Webhooks: Getting Started" (Graph API) and the Messenger and WhatsApp webhook pages:
`X-Hub-Signature-256: sha256=<hex HMAC-SHA256(app secret, body)>` over the bytes on the wire, which
Meta has escaped before it signed them. Nothing is decoded before the signature holds.
"""

import hashlib
import hmac
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Raw, Struct

from adapters._values import text
from adapters.base import Inbound, Quarantined, Refused, Secrets

_SIGNATURE = b"x-hub-signature-256"
_LEGACY_SIGNATURE = b"x-hub-signature"
_HEX_DIGITS = 64
_BLOCK = 64


@lru_cache(maxsize=256)
def _pads(secret: str) -> tuple[Any, Any]:
    """The two hash states of HMAC (RFC 2104) after their pads; copying them saves half of a signature."""
    key = secret.encode()
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    key = key.ljust(_BLOCK, b"\0")
    return hashlib.sha256(bytes(b ^ 0x36 for b in key)), hashlib.sha256(bytes(b ^ 0x5C for b in key))


def signature(body: bytes, secret: str) -> str:
    """The hex digest that Meta puts after `sha256=` for this body."""
    inner, outer = _pads(secret)
    inner = inner.copy()
    inner.update(body)
    outer = outer.copy()
    outer.update(inner.digest())
    return str(outer.hexdigest())


def verify(inbound: Inbound, secrets: Secrets) -> None:
    """Raise Refused unless one of the app secrets signed the body. SHA-1 alone does not count."""
    if not secrets.app_secrets:
        raise Refused("no_secret")
    header = inbound.header(_SIGNATURE)
    if not header:
        raise Refused("legacy_signature" if inbound.header(_LEGACY_SIGNATURE) else "no_signature")
    if not inbound.body:
        raise Refused("no_body")
    given = header[7:]
    if header[:7] != b"sha256=" or len(given) != _HEX_DIGITS:
        raise Refused("malformed_signature")
    matches = [
        hmac.compare_digest(signature(inbound.body, secret).encode(), given) for secret in secrets.app_secrets
    ]
    if not any(matches):
        raise Refused("wrong_signature")


def challenge(query: bytes, secrets: Secrets) -> bytes:
    """The challenge of a subscription handshake, byte for byte, if the verify token is ours."""
    fields = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
    if fields.get("hub.mode") != "subscribe" or "hub.challenge" not in fields:
        raise Refused("not_a_handshake")
    given = fields.get("hub.verify_token", "").encode("latin-1")
    if not secrets.verify_token or not hmac.compare_digest(given, secrets.verify_token.encode()):
        raise Refused("wrong_verify_token")
    return fields["hub.challenge"].encode("latin-1")


class Entry(Struct, frozen=True):
    """One `entry` of an envelope: its containers item by item, so that no item can harm another."""

    pointer: str
    """JSON pointer to it in the received body."""
    object: str | None
    id: str | None
    time: Any
    head: bytes
    """`{"object":…,"entry":[{"id":…,"time":…,`: what an envelope cut down to one element begins with."""
    containers: dict[str, list[Raw]]
    """The members that are arrays (`messaging`, `standby`, `changes`, unknown ones)."""
    others: dict[str, Raw]
    """All further members (`field` and `value` of the flat form, unknown ones)."""


class _PlainEntry(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An entry as Meta normally sends it. Anything else goes through `_tolerant`."""

    id: str
    time: int = 0
    messaging: list[Raw] = []
    standby: list[Raw] = []
    changes: list[Raw] = []


class _PlainEnvelope(Struct, forbid_unknown_fields=True):
    object: str
    entry: list[_PlainEntry]


class _Head(Struct, omit_defaults=True):
    id: str
    time: int = 0


_plain = msgspec.json.Decoder(_PlainEnvelope)
_object = msgspec.json.Decoder(dict[str, Raw])
_array = msgspec.json.Decoder(list[Raw])
_any = msgspec.json.Decoder()
_encode = msgspec.json.Encoder().encode


def members(raw: Raw | bytes) -> dict[str, Raw] | None:
    """The members of a JSON object, each in its own bytes; None if it is not an object."""
    try:
        return _object.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def items(raw: Raw | bytes) -> list[Raw] | None:
    """The items of a JSON array, each in its own bytes; None if it is not an array."""
    try:
        return _array.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def entries(body: bytes) -> list[Entry | Quarantined]:
    """Every entry of every envelope in a body, which may be one envelope or an array of them."""
    try:
        envelope = _plain.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return list(_tolerant(body))
    if not envelope.entry:
        return [Quarantined(reason="no_entries", pointer="", body=body)]
    return [_plain_entry(envelope.object, n, entry) for n, entry in enumerate(envelope.entry)]


def _plain_entry(object_name: str, index: int, entry: _PlainEntry) -> Entry:
    head = b'{"object":%b,"entry":[%b,' % (_encode(object_name), _encode(_Head(entry.id, entry.time))[:-1])
    containers = {"messaging": entry.messaging, "standby": entry.standby, "changes": entry.changes}
    return Entry(
        f"/entry/{index}", object_name or None, entry.id or None, entry.time or None, head, containers, {}
    )


def _tolerant(body: bytes) -> Iterator[Entry | Quarantined]:
    try:
        _any.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield Quarantined(reason="not_json", pointer="", body=body)
        return
    envelopes = items(body)
    if envelopes is None:
        yield from _entries_of(body, "")
    elif envelopes:
        for index, envelope in enumerate(envelopes):
            yield from _entries_of(bytes(envelope), f"/{index}")
    else:
        yield Quarantined(reason="no_entries", pointer="", body=body)


def _entries_of(envelope: bytes, pointer: str) -> Iterator[Entry | Quarantined]:
    top = members(envelope)
    if top is None:
        yield Quarantined(reason="not_an_object", pointer=pointer, body=envelope)
        return
    raw_entry = top.get("entry", Raw(b"null"))
    listed = items(raw_entry)
    numbered = [("", raw_entry)] if listed is None else [(f"/{n}", raw) for n, raw in enumerate(listed)]
    head = b'{"object":%b,"entry":[{' % bytes(top.get("object", Raw(b"null")))
    found = False
    for suffix, raw in numbered:
        entry = members(raw)
        if entry is not None:
            yield _tolerant_entry(f"{pointer}/entry{suffix}", head, text(_scalar(top.get("object"))), entry)
        elif listed is not None:
            yield Quarantined(reason="not_an_object", pointer=f"{pointer}/entry{suffix}", body=bytes(raw))
        found = found or entry is not None or listed is not None
    if not found:
        yield Quarantined(reason="no_entries", pointer=pointer, body=envelope)


def _tolerant_entry(pointer: str, head: bytes, object_name: str | None, entry: dict[str, Raw]) -> Entry:
    containers: dict[str, list[Raw]] = {}
    others: dict[str, Raw] = {}
    for name, raw in entry.items():
        listed = items(raw)
        if name in ("id", "time"):
            head += b"%b:%b," % (_encode(name), bytes(raw))
        elif listed is None:
            others[name] = raw
        else:
            containers[name] = listed
    identifier = text(_scalar(entry.get("id")))
    return Entry(pointer, object_name, identifier, _scalar(entry.get("time")), head, containers, others)


def _scalar(raw: Raw | None) -> Any:
    return None if raw is None else _any.decode(raw)
