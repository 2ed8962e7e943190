"""People and their conversations, as records for another store.

Who was merged into somebody else is no record any more: the ids lead to the contact that goes on, and so do
those of conversations that have ended in another one.
"""

from typing import Any

from gateway.store.contact import ConsentState, StaleReason
from gateway.store.record import Record


class ProfileRecord(Record, frozen=True, kw_only=True):
    """What the platform told of an identity."""

    fetched_at: int
    fresh_until: int
    fields: dict[str, Any]
    missing: str | None
    name: str | None
    picture: str | None
    """Name and picture, as far as they tell people apart."""


class IdentityRecord(Record, frozen=True, kw_only=True):
    """One identity of a contact."""

    platform: str
    kind: str
    scope: str
    value: str
    former: bool
    stale: tuple[StaleReason, int] | None = None
    """Why and since when it cannot be written to."""
    profile: ProfileRecord | None = None


class EndedRecord(Record, frozen=True, kw_only=True):
    """A conversation that goes on as another one, as it stood at its end."""

    key: int
    id: str
    started: bool
    sequence: int
    last_inbound_at: int | None


class ConversationRecord(Record, frozen=True, kw_only=True):
    """A conversation as it stands."""

    key: int
    """Tells which of two is older."""
    id: str
    platform: str
    page_id: str
    waba_id: str | None
    thread: str | None
    """The group; None with a person."""
    started: bool
    sequence: int
    last_inbound_at: int | None
    ended: tuple[EndedRecord, ...]
    """Those that go on as this one, by id."""
    watermarks: dict[str, int]


class ConsentRecord(Record, frozen=True, kw_only=True):
    """What a person last said to one page about one topic."""

    platform: str
    page_id: str
    topic: str
    state: ConsentState
    source: str
    at: int
    expires_at: int | None


class ContactRecord(Record, frozen=True, kw_only=True):
    """A person with all that hangs on the person."""

    key: int
    """Tells which of two is older."""
    id: str
    name: str | None
    username: str | None
    created_at: int
    identities: tuple[IdentityRecord, ...]
    conversations: tuple[ConversationRecord, ...]
    aliases: tuple[str, ...] = ()
    """Ids of contacts that were merged into this one, in alphabetical order."""
    met: tuple[tuple[str, str], ...] = ()
    """Platform and id of pages that know the person from a group chat, in alphabetical order."""
    consents: tuple[ConsentRecord, ...] = ()
    """By page and topic."""
    apart: tuple[str, ...] = ()
    """Ids of older contacts that are somebody else, as a customer said; in alphabetical order."""
