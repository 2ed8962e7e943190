"""Signatures: Standard Webhooks 1.0.0 (`v1` and `v1a`), and the body-only ones that two formats carry.

Signed is `<webhook-id>.<webhook-timestamp>.<body>`. A `whsec_` secret makes `v1`, HMAC-SHA256 under the
decoded bytes; a `whsk_` key makes `v1a`, ed25519, for receivers that should verify but not be able to
sign: they get the `whpk_` key. A receiver accepts if any signature in the list is good, so that secrets
can be changed without a gap.
"""

import hashlib
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SYMMETRIC = "whsec_"
PRIVATE = "whsk_"
PUBLIC = "whpk_"
_SECRET_BYTES = 32
_SEED_BYTES = 32
_BLOCK = 64

Headers = tuple[tuple[str, str], ...]
_Signer = Callable[[bytes], str]


def new_secret() -> str:
    """A fresh symmetric secret: `whsec_` and the base64 of 32 random bytes."""
    return SYMMETRIC + b64encode(os.urandom(_SECRET_BYTES)).decode()


def new_signing_key() -> str:
    """A fresh ed25519 key: `whsk_` and the base64 of its 32-byte seed followed by the public key."""
    seed = os.urandom(_SEED_BYTES)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return PRIVATE + b64encode(seed + public).decode()


@lru_cache(maxsize=4096)
def public_key(signing_key: str) -> str:
    """The `whpk_` key that verifies what a `whsk_` key signs. Raises ValueError if it is none."""
    public = _private_key(signing_key).public_key().public_bytes_raw()
    return PUBLIC + b64encode(public).decode()


def sign_headers(webhook_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> Headers:
    """The three headers of one attempt, with a signature for each secret in the order given.

    `timestamp` is the attempt's, in Unix seconds. Raises ValueError for a secret of no known kind.
    """
    content = b"%b.%d.%b" % (webhook_id.encode(), timestamp, body)
    signatures = " ".join([_signer(secret)(content) for secret in secrets])
    return (
        ("webhook-id", webhook_id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signatures),
    )


def socialhook_signature(secret: str, body: bytes) -> str:
    """The value of `X-SocialHook-Signature`. The key is the secret as it is written, prefix and all."""
    return "sha256=" + _hmac(secret.encode())(body).hex()


def hub_signature(secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature-256`, which Meta's webhooks carry; here under the endpoint's secret."""
    return "sha256=" + _hmac(secret.encode())(body).hex()


@lru_cache(maxsize=4096)
def _signer(secret: str) -> _Signer:
    if secret.startswith(SYMMETRIC):
        digest = _hmac(_decoded(secret.removeprefix(SYMMETRIC)))
        return lambda content: "v1," + b64encode(digest(content)).decode()
    key = _private_key(secret)
    return lambda content: "v1a," + b64encode(key.sign(content)).decode()


@lru_cache(maxsize=4096)
def _hmac(key: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA256 (RFC 2104) under a key whose two pads are hashed once: a third less work than `hmac`."""
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    key = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def digest(content: bytes) -> bytes:
        within, around = inner.copy(), outer.copy()
        within.update(content)
        around.update(within.digest())
        return around.digest()

    return digest


def _private_key(signing_key: str) -> Ed25519PrivateKey:
    if not signing_key.startswith(PRIVATE):
        raise ValueError(f"a secret begins with {SYMMETRIC} or {PRIVATE}")
    seed = _decoded(signing_key.removeprefix(PRIVATE))[:_SEED_BYTES]
    return Ed25519PrivateKey.from_private_bytes(seed)


def _decoded(text: str) -> bytes:
    """Base64, its padding optional. Raises ValueError if it is none, or holds nothing."""
    decoded = b64decode(text + "=" * (-len(text) % 4), validate=True)
    if not decoded:
        raise ValueError("a secret must not be empty")
    return decoded
