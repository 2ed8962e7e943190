"""The outbox contract: what both stores promise of messages on their way out.

    add       a message becomes durable                                     → the customer gets its 202
    claim     due messages are leased; each line has one at a time
    begin     the last durable word before a request is written
    finish    the outcome of a request moves the message, with the events that follow, in one change

Echoes and statuses that `Store.accept` takes in move messages too, in the same change as their own event:
by our tag on them, or by the platform's message id. Every change is decided by `gateway.store.progress`.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from adapters.outgoing import Recipient
from adapters.sending import SendError
from gateway.store.outgoing import (
    Addressee,
    ConversationFilter,
    Message,
    MessageFilter,
    Queued,
    SendJob,
    SendOutcome,
    SendSettlement,
    StoredConversation,
    StoredMessage,
)
from gateway.store.records import Page, PageRequest, Route

LEASE_MS = 120_000
"""Longer than any request to the platform: its connect, write and read deadlines together."""
HOLD_MS = 60_000
"""How long a message that fails holds back the next one of its line."""
DOUBT_MS = 10_000
"""The same for one that may have been sent: its echo, if there is one, is there long before."""
SETTLE_MS = 600_000
"""How long an echo or a status may take to settle what an answer has left open."""
UPLOADED_MS = 30 * 86_400_000
"""How long it is known whose upload a file is: as long as WhatsApp keeps it; Messenger names no end."""


class Outbox(Protocol):
    """One implementation per kind of store; tests/store/ holds the suite that all of them pass."""

    async def addressee(self, platform: str, page_id: str, to: Recipient) -> Addressee:
        """What is known of a recipient of this page."""
        ...

    async def add(self, message: Message) -> bool:
        """Keep a message, once per id. False: this id was there already, nothing has changed.

        Raises IntakeStopped where room runs short, as `Store.accept` does; nothing is kept then.
        """
        ...

    async def refuse(
        self, message: Message, error: SendError, routes: Mapping[str, tuple[Route, ...]]
    ) -> tuple[str, ...]:
        """Keep a message that cannot be sent, once, with its `message.send_failed`; endpoints to wake."""
        ...

    async def backlog(self) -> list[Queued]:
        """For each page with open messages: when the first can be claimed."""
        ...

    async def claim(
        self, platform: str, page_id: str, now: int, limit: int
    ) -> tuple[list[SendJob], int | None]:
        """Lease due messages of a page, the longest due first. Returns them and when the next is due."""
        ...

    async def begin(self, job: SendJob, part: int, now: int) -> bool:
        """A request is about to be written. From here on, a lost answer is `unknown`.

        False: the claim is not the newest any more; nothing may be written.
        """
        ...

    async def finish(self, outcomes: Sequence[SendOutcome]) -> list[SendSettlement]:
        """Move messages, each only if its claim holds; that a part was accepted counts in any case."""
        ...

    async def expire(self, now: int) -> None:
        """Void leases that have run out: what was not begun is due again, what was is unsettled."""

    async def unsettled(self, now: int, limit: int) -> list[SendJob]:
        """What nothing has settled by its time; each is claimed for a while."""
        ...

    async def keep_upload(self, platform: str, page_id: str, media_id: str, now: int) -> None:
        """Remember which page has uploaded a file."""

    async def uploader(self, platform: str, media_id: str, now: int) -> str | None:
        """The page that has uploaded it, whoever owns the page; None: not known, or too long ago."""
        ...

    async def message(self, customer_id: str | None, message_id: str) -> StoredMessage | None: ...

    async def messages(
        self, customer_id: str | None, which: MessageFilter, page: PageRequest
    ) -> Page[StoredMessage]: ...

    async def conversation(
        self, customer_id: str | None, conversation_id: str
    ) -> StoredConversation | None: ...

    async def conversations(
        self, customer_id: str | None, which: ConversationFilter, page: PageRequest
    ) -> Page[StoredConversation]: ...
