"""Where an element stands: its page, its person, its conversation. The keys are the store's own."""

from msgspec import Struct

from adapters.base import Identity
from adapters.event import Contact, Event


class StoredContact(Struct, frozen=True, gc=False):
    """A contact and its key in the store: the smaller, the older."""

    key: int
    public: Contact
    former: tuple[Identity, ...] = ()
    """The numbers among its identities that it gave up."""


class Meeting(Struct, frozen=True, gc=False):
    """Who a person turned out to be; the others as they were before."""

    contact: StoredContact
    joined: tuple[StoredContact, ...] = ()
    suspects: tuple[StoredContact, ...] = ()


class Conversation(Struct, gc=False):
    """A conversation as it stands after the last event; the store keeps it up to date."""

    key: int
    id: str
    started: bool
    sequence: int
    last_inbound_at: int | None


class Standing(Struct, frozen=True, gc=False):
    """The page of an element, its person, its conversation."""

    page: int
    contact: Contact | None = None
    conversation: Conversation | None = None
    news: tuple[Event, ...] = ()
    """What became known of people by this element, as events that come before it."""
    previous_conversation_id: str | None = None
    """The conversation of a contact that this element joined to another one."""
