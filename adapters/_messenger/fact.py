"""What one element says, before it becomes an event: the answer of every reader."""

from typing import Any, Literal

from msgspec import Struct

from adapters._messenger.wire import User
from adapters.event import Origin

Actor = Literal["person", "business", "sender", "platform", "untold"]
"""Who acted: the person, the business, whichever of the two is the sender, Meta, or nobody knows."""


class Fact(Struct, frozen=True, kw_only=True):
    """One thing that happened, in our words."""

    event: str
    kind: str
    """Meta's key, and after a dot what tells two facts about one id apart (`message.deleted`)."""
    parts: dict[str, Any]
    """The body objects of the event, by their names."""
    ids: tuple[str, ...] = ()
    """Meta's own ids of this fact, and what else tells it from others; empty: its content decides."""
    actor: Actor = "person"
    origin: Origin | None = None
    """Where it does not follow from the actor."""
    at: int | None = None
    """When it happened (Unix milliseconds), where the item has no time of its own."""
    opens_window: bool = False
    target: str | None = None
    """The message that an edit, a deletion or a reaction is about."""
    sender: User | None = None
    """Who acted, where that stands elsewhere than in the item's `sender`."""
    sender_kind: str | None = None
    """The kind of the sender's id where it names no one who can be written to: a commenter."""
