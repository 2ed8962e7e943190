"""Deterministic ids: the same fact has the same id on any machine, under any split of a batch."""

import hashlib
from functools import lru_cache

_ALPHABET = b"abcdefghijklmnopqrstuvwxyz234567"
_BASE32 = bytes(_ALPHABET[byte & 31] for byte in range(256))
_PREFIX = {"facebook": "fb", "instagram": "ig", "whatsapp": "wa"}
"""Fixed by the event contract; any further platform goes by its own name."""


def _prefixed(part: str) -> bytes:
    """A part and its length, which keeps ("ab", "c") and ("a", "bc") apart."""
    return f"{len(part)}:{part}".encode()


def _hash(*parts: str) -> "hashlib._Hash":
    return hashlib.sha256(b"".join(map(_prefixed, parts)))


_begun = lru_cache(maxsize=4_096)(_hash)
"""What many ids begin with is hashed once; a copy of it goes on."""


def _base32(digest: bytes, length: int) -> str:
    """`length` characters, each of five bits of one digest byte.

    Taking the digest bytewise instead of as one bit string costs a tenth and is as unique.
    """
    return digest[:length].translate(_BASE32).decode()


def event_id(platform: str, page_id: str, native_kind: str, *native_ids: str) -> str:
    """The id of the event that a platform element stands for.

    `native_kind` is Meta's container and key (`messaging.message`, `value.statuses` …), never our event
    name, so that a mended parser keeps the id. `native_ids` are Meta's own ids and whatever tells two
    facts about one id apart. A length counts characters, which is exact as every part is a string.
    """
    digest = _begun(platform, page_id, native_kind).copy()
    for part in native_ids:
        digest.update(_prefixed(part))
    return "evt_" + _base32(digest.digest(), 26)


def content_id(platform: str, page_id: str, native_kind: str, canonical: bytes) -> str:
    """The id of an element without ids of its own: its canonical JSON decides."""
    return event_id(platform, page_id, native_kind, hashlib.sha256(canonical).hexdigest())


@lru_cache(maxsize=65_536)
def conversation_id(platform: str, page_id: str, kind: str, value: str, generation: int = 0) -> str:
    """The id of the conversation that a first identity opens; after an erasure, `generation` + 1."""
    digest = _hash(platform, page_id, kind, value, str(generation)).digest()
    return f"conv_{_PREFIX.get(platform, platform)}_{_base32(digest, 20)}"
