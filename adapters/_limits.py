"""Bounds of a platform, checked before anything is sent. Each raises Unsendable, naming the field."""

from collections.abc import Sequence
from typing import Any

from adapters.sending import Unsendable


def within(text: str, most: int, field: str) -> str:
    """The text, if it has at most so many characters."""
    if len(text) > most:
        raise Unsendable("invalid", field, f"has {len(text)} characters; the channel takes {most}")
    return text


def within_bytes(text: str, most: int, field: str) -> str:
    """The text, if it has at most so many bytes of UTF-8."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > most:
        raise Unsendable("invalid", field, f"has {size} bytes of UTF-8; the channel takes {most}")
    return text


def at_most(items: Sequence[Any], most: int, field: str) -> None:
    """Raise if there are more than so many."""
    if len(items) > most:
        raise Unsendable("invalid", field, f"has {len(items)} items; the channel takes {most}")
