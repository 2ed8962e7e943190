"""Secrets at rest: AES-256-GCM under a key that only the operator has (`GATEWAY_ENCRYPTION_KEY`).

Sealed form: 1 byte version, 4 bytes key id, 12 bytes nonce, ciphertext with tag. The context (which
row and column) is authenticated, so that a sealed value moved to another row does not open.
"""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"


class WrongKey(Exception):
    """The value was sealed under another key, or for another place, or was altered."""


class Vault:
    """Seals and opens secrets; repr and errors show none."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"an encryption key has {KEY_BYTES} bytes, not {len(key)}")
        self._cipher = AESGCM(key)
        self.key_id = hashlib.sha256(b"key id" + key).digest()[:4]

    def seal(self, secret: str, context: str) -> bytes:
        """The secret, unreadable without the key and useless in another place."""
        nonce = os.urandom(12)
        sealed = self._cipher.encrypt(nonce, secret.encode(), context.encode())
        return _VERSION + self.key_id + nonce + sealed

    def open(self, sealed: bytes, context: str) -> str:
        """The secret again. Raises WrongKey."""
        if sealed[:5] != _VERSION + self.key_id:
            raise WrongKey("sealed under another encryption key")
        try:
            return self._cipher.decrypt(sealed[5:17], sealed[17:], context.encode()).decode()
        except InvalidTag as error:
            raise WrongKey("altered, or sealed for another place") from error
