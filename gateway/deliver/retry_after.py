"""The `Retry-After` header: seconds or a date (RFC 9110, section 10.2.3)."""

from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST_NUMBER = 9
"""Digits; more seconds than that are decades."""


def retry_after_ms(value: str, now: int) -> int:
    """Milliseconds from `now` (Unix milliseconds) until the moment the header names.

    0 for the past, for an empty value and for one that is neither seconds nor a date.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return int(value[:LONGEST_NUMBER]) * 1_000
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0, int(date.timestamp() * 1_000) - now)
