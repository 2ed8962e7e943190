"""What the Meta platforms share: the signature, the handshake, and (from `_envelope`) the envelope.

Meta, "Webhooks: Getting Started" (Graph API) and the Messenger and WhatsApp webhook pages:
`X-Hub-Signature-256: sha256=<hex HMAC-SHA256(app secret, body)>` over the bytes on the wire, which
Meta has escaped before it signed them. Nothing is decoded before the signature holds.
"""

import hashlib
import hmac
from binascii import unhexlify
from functools import lru_cache
from urllib.parse import parse_qsl

from adapters._envelope import Entry, entries
from adapters._members import items, members
from adapters.base import Inbound, Refused, Secrets

__all__ = ["Entry", "challenge", "entries", "items", "members", "signature", "verify"]

_SIGNATURE = b"x-hub-signature-256"
_LEGACY_SIGNATURE = b"x-hub-signature"
_SCHEME = b"sha256="
_DIGEST = 32
_BLOCK = 64


@lru_cache(maxsize=256)
def _pads(secret: str) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """The two hash states of HMAC (RFC 2104) after their pads; copying them saves half of a signature."""
    key = secret.encode()
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    key = key.ljust(_BLOCK, b"\0")
    return hashlib.sha256(bytes(b ^ 0x36 for b in key)), hashlib.sha256(bytes(b ^ 0x5C for b in key))


def _digest(body: bytes, secret: str) -> bytes:
    inner, outer = _pads(secret)
    inner = inner.copy()
    inner.update(body)
    outer = outer.copy()
    outer.update(inner.digest())
    return outer.digest()


def signature(body: bytes, secret: str) -> str:
    """The hex digest that Meta puts after `sha256=` for this body."""
    return _digest(body, secret).hex()


def verify(inbound: Inbound, secrets: Secrets) -> None:
    """Raise Refused unless one of the app secrets signed the body. SHA-1 alone does not count."""
    if not secrets.app_secrets:
        raise Refused("no_secret")
    header = inbound.header(_SIGNATURE)
    if not header:
        raise Refused("legacy_signature" if inbound.header(_LEGACY_SIGNATURE) else "no_signature")
    if not inbound.body:
        raise Refused("no_body")
    given = _given(header)
    matches = [hmac.compare_digest(_digest(inbound.body, secret), given) for secret in secrets.app_secrets]
    if not any(matches):
        raise Refused("wrong_signature")


def _given(header: bytes) -> bytes:
    """The digest in the header."""
    try:
        digest = unhexlify(header[len(_SCHEME) :])
    except ValueError:
        digest = b""
    if not header.startswith(_SCHEME) or len(digest) != _DIGEST:
        raise Refused("malformed_signature")
    return digest


def challenge(query: bytes, secrets: Secrets) -> bytes:
    """The challenge of a subscription handshake, byte for byte, if the verify token is ours."""
    fields = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
    if fields.get("hub.mode") != "subscribe" or "hub.challenge" not in fields:
        raise Refused("not_a_handshake")
    given = fields.get("hub.verify_token", "").encode("latin-1")
    if not secrets.verify_token or not hmac.compare_digest(given, secrets.verify_token.encode()):
        raise Refused("wrong_verify_token")
    return fields["hub.challenge"].encode("latin-1")
