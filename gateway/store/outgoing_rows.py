"""Outgoing messages as a store keeps them, and what its decisions ask of it."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from adapters.base import Identity
from gateway.store.outgoing import Message, Progress
from gateway.store.standing import Conversation


class Row(Struct, frozen=True):
    """A message as it is stored. `key`: the greater, the later it was taken. `page`: the store's number."""

    key: int
    page: int
    line: str
    message: Message
    progress: Progress


class Rows(Protocol):
    """Used inside of one change of the store; all calls are synchronous."""

    def add(self, message: Message, page: int) -> bool:
        """A new message, at the end of its line. False: it is there already."""
        ...

    def of_id(self, message_id: str) -> Row | None:
        """By our own id."""
        ...

    def of_platform_id(self, page: int, message_id: str) -> tuple[Row, int] | None:
        """By the platform's id: the message and which part of it."""
        ...

    def unread(self, conversation: Conversation, until: int) -> Sequence[Row]:
        """What was begun in a conversation up to a moment, and is not read yet."""
        ...

    def owner_of(self, row: Row) -> str:
        """Whose a message is: another customer's, if its page's history is on its way to that one."""
        ...

    def place(self, message_id: str, conversation: Conversation) -> None:
        """The conversation that a message turned out to be in."""

    def save(self, row: Row, progress: Progress) -> None:
        """The row as it is now."""

    def let_next(self, row: Row, now: int) -> None:
        """The next one of the line may go: now, or when what fails before it holds it no longer."""

    def highest_rank(self, page: int, message_id: str, at: int) -> int:
        """How far a message is, as statuses have told; 0 where none has."""
        ...

    def watermarks(self, row: Row) -> Sequence[tuple[int, int]]:
        """How far its conversation has come: each rank with the moment up to which all has it."""
        ...

    def mark_unreachable(self, platform: str, identity: Identity, at: int) -> None:
        """The platform says that nobody is there."""
