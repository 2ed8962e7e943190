"""What stores remember things under: periods of days, and numbers that stand for long ids."""

import hashlib
import zlib
from functools import lru_cache

DAY_MS = 86_400_000
PERIOD_MS = 4 * DAY_MS
"""What is remembered for at least 8 days is kept by period: this one and two before it are looked up."""
_PREFIX = "evt_"
_KEPT = 16


def period(at: int) -> int:
    """The period of this moment."""
    return at // PERIOD_MS


def message_key(page: int, message_id: str) -> int:
    """64 bits that stand for a message of a page: its id is up to 200 characters long."""
    digest = hashlib.blake2b(f"{page}:{message_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def counted_as(conversation_id: str, customer_id: str) -> str:
    """What stands for a conversation that usage has counted for a customer, the same in every store."""
    return hashlib.blake2b(f"{conversation_id}\n{customer_id}".encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=64)
def remembered_as(event_id: str) -> str:
    """What stands for an event's id where it is only looked for: 96 bits, the same in every store."""
    return f"{zlib.crc32(event_id.encode()) & 0xFFFF:04x}{event_id.removeprefix(_PREFIX)[:_KEPT]}"
