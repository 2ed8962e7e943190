"""New ids and keys. They are random: nobody can guess another customer's."""

import secrets

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 26
_KEY_BYTES = 32
SHOWN = 8
"""How many characters of a key stay readable, for a person to tell keys apart."""


def new_id(prefix: str) -> str:
    """`<prefix>_` + 26 lower-case base32 characters: 130 random bits."""
    return prefix + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def new_key() -> str:
    """`gw_` + 43 URL-safe characters: 256 random bits."""
    return "gw_" + secrets.token_urlsafe(_KEY_BYTES)
