"""What a store keeps of messages on their way out, as values. Times are Unix milliseconds."""

from typing import Any, Literal

from msgspec import field

from adapters.base import Identity
from adapters.event import Contact
from adapters.outgoing import Recipient
from adapters.sending import Request, SendError, SendWarning, Sent
from gateway.store.record import Record
from gateway.store.records import Route

MessageState = Literal["queued", "sent", "delivered", "read", "failed", "unknown"]
"""`queued` on its way · `sent` taken by the platform · `delivered` · `read` · `failed` for good ·
`unknown` it may have been sent, and is never sent again on a guess."""
Stage = Literal["waiting", "behind", "leased", "begun", "unsettled", "done"]
"""`waiting` until `due_at` · `behind` an earlier one of its line · `leased` by a process · `begun`: a request
may have been written · `unsettled`: nobody knows if it was done · `done`: nothing is left to do."""
Step = Literal["accepted", "postponed", "failing", "unsettled", "refused", "given_up"]
"""What an attempt came to: the platform took a part · not now, and not counted · failed and due again ·
perhaps done · refused for good · looked for and not found."""


class Message(Record, frozen=True, kw_only=True):
    """What was asked for. It never changes."""

    id: str
    """`msg_` + 26 characters."""
    customer_id: str
    platform: str
    page_id: str
    to: Recipient
    line: str
    """What is sent in order: messages of one page and line go one after the other."""
    content: dict[str, Any]
    """The message as the customer wrote it."""
    requests: tuple[Request, ...]
    """One or more; each only after the one before it was accepted."""
    created_at: int
    waba_id: str | None = None
    identity: Identity | None = None
    """The addressee, where the store knows them."""
    conversation_id: str | None = None
    """The conversation, where there was one at the time."""
    reply_to: str | None = None
    tag: str | None = None
    """The customer's own reference."""
    warnings: tuple[SendWarning, ...] = ()
    signal: bool = False
    """No message: typing, a reaction. Its success is no event."""
    repeatable: bool = False
    """Nobody sees it twice, so an attempt without an answer may be repeated."""


class Part(Record, frozen=True, kw_only=True):
    """One request of a message, as far as it has come."""

    message_id: str | None = None
    """The platform's."""
    rank: int = 0
    """0 not taken yet, 1 sent, 2 delivered, 3 read."""
    at: int | None = None
    """When the platform took it: as its echo says, else when we knew, which is never earlier."""


class Progress(Record, frozen=True, kw_only=True):
    """How far a message has come. Changed by `gateway.store.progress` only."""

    parts: tuple[Part, ...]
    due_at: int | None
    """By stage: when to send, when the lease ends, when to give up."""
    stage: Stage = "waiting"
    state: MessageState = "queued"
    claim: int = 0
    """Fences late outcomes: only the newest claim can move the message."""
    tried: int = 0
    """Failed attempts."""
    in_flight: int = 0
    """The part that was begun last."""
    failing_since: int | None = None
    error: SendError | None = None
    begun_at: int | None = None
    sent_at: int | None = None
    delivered_at: int | None = None
    read_at: int | None = None
    failed_at: int | None = None


class StoredMessage(Record, frozen=True, kw_only=True):
    """A message as the API shows it."""

    message: Message
    progress: Progress
    conversation_id: str | None
    cursor: str


class SendJob(Record, frozen=True, kw_only=True):
    """A message that this process has claimed."""

    message: Message
    progress: Progress


class SendOutcome(Record, frozen=True, kw_only=True):
    """What the sender decided after an attempt at one part."""

    job: SendJob
    step: Step
    part: int
    at: int
    sent: Sent | None = None
    error: SendError | None = None
    due_at: int | None = None
    """`postponed`, `failing`: when to try again. `unsettled`: when to look for it."""
    taken_at: int | None = None
    """When the platform took the part, where it has told; else it was `at` at the latest."""
    routes: dict[str, tuple[Route, ...]] = field(default_factory=dict)
    """Where the events go that follow from it, by name."""


class SendSettlement(Record, frozen=True, kw_only=True):
    """What the store did with an outcome."""

    progress: Progress
    """As it is now; `leased` where the same process goes on with the next part."""
    waiting: tuple[str, ...] = ()
    """Endpoints for which an event is due, or can be pulled."""


class Queued(Record, frozen=True, kw_only=True):
    """A page that has something to send."""

    platform: str
    page_id: str
    due_at: int


class Addressee(Record, frozen=True, kw_only=True):
    """Whom a message would reach, as far as the store knows them."""

    platform: str
    page_id: str
    to: Recipient | None = None
    """None: the conversation's person has no id that can be written to."""
    identity: Identity | None = None
    conversation_id: str | None = None
    last_inbound_at: int | None = None
    scopes: tuple[str, ...] = ()
    """Pages under which this id of a person is known, if it is not known under the one that was asked."""


class StoredConversation(Record, frozen=True, kw_only=True):
    """A conversation as the API shows it."""

    id: str
    platform: str
    page_id: str
    contact: Contact | None
    group_id: str | None
    last_inbound_at: int | None
    sequence: int
    cursor: str


class MessageFilter(Record, frozen=True, kw_only=True):
    """Which messages; None means any."""

    platform: str | None = None
    page_id: str | None = None
    conversation_id: str | None = None
    state: MessageState | None = None
    since: int | None = None
    until: int | None = None


class ConversationFilter(Record, frozen=True, kw_only=True):
    """Which conversations; None means any."""

    platform: str | None = None
    page_id: str | None = None
