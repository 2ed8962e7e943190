"""What tells Messenger and Instagram apart."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from adapters._messenger.fact import Fact

ChangeReader = Callable[[dict[str, Any]], Fact]
"""Reads the `value` of a change."""


class Channel(Struct, frozen=True, kw_only=True):
    """One of the two platforms."""

    platform: str
    object: str
    """The `object` of its envelopes."""
    account_kind: str
    """The kind of the business's own id: `page` or `ig_account`."""
    person_kind: str
    """The kind of a person's id: `psid` or `igsid`."""
    changes: Mapping[str, ChangeReader]
    """By `field`."""
