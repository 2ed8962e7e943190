"""Echoes and statuses that may be about our own messages, as taking in sees them."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from gateway.store.records import Arrival
from gateway.store.standing import Conversation

ECHO = "message.echo"
STATUS = "status.update"


class Report(Struct, frozen=True):
    """A status, and what it brings about."""

    status: Arrival
    """As it is to be taken in: its customers are those whose messages it is about."""
    made: Sequence[Arrival] = ()
    """The events that come before it."""


class Reports(Protocol):
    """What moves our own messages, in the same change in which the report is taken in."""

    def echoed(self, arrival: Arrival, page: int) -> Sequence[Arrival] | None:
        """The events that an echo of our own stands for, perhaps none; None: it is somebody else's."""
        ...

    def told(self, arrival: Arrival, page: int) -> Report:
        """What a status says of our own messages, and to whom."""
        ...

    def placed(self, arrival: Arrival, conversation: Conversation) -> None:
        """An event about our own messages, or a watermark, has its conversation now."""
