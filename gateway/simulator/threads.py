"""Conversations: what went to and fro between a person and a business, as both have it on their screens."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from gateway.simulator.chance import Chance
from gateway.simulator.people import Asset, Person

DETAILED = 20
"""The Conversations API gives details of that many messages of a conversation, the newest."""


class Message(Struct, kw_only=True):
    """One message, in either direction."""

    id: str
    at_ms: int
    outbound: bool
    content: dict[str, Any]
    """As it was sent: the `message` of Messenger, the whole body of WhatsApp."""
    sent_by: str | None = None
    """Outbound: the id of the app."""
    tag: str | None = None
    """Outbound: `metadata`, or `biz_opaque_callback_data`."""
    deleted: bool = False
    reactions: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What can be read of it."""
        text = self.content.get("text")
        if isinstance(text, dict):
            text = text.get("body")
        return text if isinstance(text, str) else ""


class Thread(Struct, kw_only=True):
    """One conversation."""

    id: str
    asset: str
    person: str
    messages: list[Message] = field(default_factory=list)
    last_inbound_ms: int | None = None
    """Opens the window."""
    owner: str | None = None
    """The app that holds the thread; None: whoever wants to."""
    typing: bool = False
    read_ms: int | None = None
    """Up to when the business has marked it as read."""

    def find(self, message_id: str) -> Message | None:
        """A message of this conversation."""
        return next((message for message in self.messages if message.id == message_id), None)


class Threads:
    """All conversations."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._threads: dict[tuple[str, str], Thread] = {}

    def __iter__(self) -> Iterator[Thread]:
        return iter(self._threads.values())

    def of(self, asset: Asset, person: Person) -> Thread:
        """The conversation of these two, begun if there was none."""
        key = (asset.id, person.key)
        if key not in self._threads:
            self._threads[key] = Thread(id=f"t_{self._chance.digits(17)}", asset=asset.id, person=person.key)
        return self._threads[key]

    def message(self, message_id: str) -> tuple[Thread, Message] | None:
        """A message, wherever it is."""
        for thread in self:
            if message := thread.find(message_id):
                return thread, message
        return None
