"""People and their conversations, as records for another store."""

from gateway.store.record import Record


class IdentityRecord(Record, frozen=True, kw_only=True):
    """One identity of a contact."""

    platform: str
    kind: str
    scope: str
    value: str
    former: bool


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
    ended: tuple[str, ...]
    """Conversations that go on as this one."""
    watermarks: dict[str, int]


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
