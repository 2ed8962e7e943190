"""Secrets at rest: AES-256-GCM under keys that only the operator has (`GATEWAY_ENCRYPTION_KEY`).

Sealed form: 1 byte version, 4 bytes key id, 12 bytes nonce, ciphertext with tag. The context (which
row and column) is authenticated, so that a sealed value moved to another row does not open.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"


class WrongKey(Exception):
    """The value was sealed under another key, or for another place, or was altered."""


class Vault:
    """Seals and opens secrets; repr and errors show none."""

    def __init__(self, key: bytes, *older: bytes) -> None:
        """`key` seals; the older ones open what was sealed before they were replaced."""
        self._ciphers = {key_id(one): AESGCM(one) for one in (*older, key)}
        self.key_id = key_id(key)
        self._marking = [hmac.digest(one, b"fingerprints", "sha256") for one in (key, *reversed(older))]

    def seal(self, secret: str, context: str) -> bytes:
        """The secret, unreadable without the key and useless in another place."""
        nonce = os.urandom(12)
        sealed = self._ciphers[self.key_id].encrypt(nonce, secret.encode(), context.encode())
        return _VERSION + self.key_id + nonce + sealed

    def open(self, sealed: bytes, context: str) -> str:
        """The secret again. Raises WrongKey."""
        cipher = self._ciphers.get(sealed[1:5])
        if cipher is None or sealed[:1] != _VERSION:
            raise WrongKey("sealed under another encryption key")
        try:
            return cipher.decrypt(sealed[5:17], sealed[17:], context.encode()).decode()
        except InvalidTag as error:
            raise WrongKey("altered, or sealed for another place") from error

    def fingerprints(self, text: str) -> tuple[str, ...]:
        """What tells who has the key that two texts are one; under each key, the present one first."""
        return tuple(hmac.digest(key, text.encode(), "sha256").hex() for key in self._marking)

    def resealed(self, sealed: bytes, context: str) -> bytes:
        """The same secret under the first key. Raises WrongKey."""
        return self.seal(self.open(sealed, context), context)


def key_id(key: bytes) -> bytes:
    """What tells keys apart and gives nothing of them away. Raises ValueError for a key of another length."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"an encryption key has {KEY_BYTES} bytes, not {len(key)}")
    return hashlib.sha256(b"key id" + key).digest()[:4]
