"""A person as a store knows them, as values. Times are Unix milliseconds."""

from typing import Any, Literal

from adapters.base import Identity
from gateway.store.record import Record

StaleReason = Literal["opted_out", "unreachable"]
"""`opted_out`: the person stopped it · `unreachable`: a send failed because nobody is behind the id."""
ConsentState = Literal["opted_in", "opted_out"]
EVERYTHING = ""
"""The topic of a consent that names none."""


class KnownIdentity(Record, frozen=True, kw_only=True):
    """One name of a person."""

    kind: str
    value: str
    scope: str
    former: bool = False
    """A number that the person gave up, or the id that went with it; the id with an app that was removed."""
    stale: StaleReason | None = None
    stale_since: int | None = None

    @property
    def identity(self) -> Identity:
        """The same without what is known about it."""
        return Identity(self.kind, self.value, self.scope)


class KnownConsent(Record, frozen=True, kw_only=True):
    """What a person last said to one page about one topic."""

    page_id: str
    topic: str
    state: ConsentState
    source: str
    """The platform's word for where it was said."""
    at: int
    expires_at: int | None = None
    """When an opt-in ends by itself."""


class KnownProfile(Record, frozen=True, kw_only=True):
    """What the platform told when it was asked about one identity."""

    identity: Identity
    fetched_at: int
    fresh_until: int
    fields: dict[str, Any]
    """Of `adapters.profile.Profile`; empty where there is none."""
    missing: str | None = None
    """Why there is none, in the words of `adapters.profile.NoProfile`."""


class KnownConversation(Record, frozen=True, kw_only=True):
    """A conversation of a person with a page."""

    id: str
    platform: str
    page_id: str
    started: bool
    last_inbound_at: int | None
    aliases: tuple[str, ...]
    """Ids of conversations that ended in this one."""


class KnownContact(Record, frozen=True, kw_only=True):
    """A person, as far as one customer may see."""

    id: str
    platform: str
    name: str | None
    username: str | None
    created_at: int
    identities: tuple[KnownIdentity, ...]
    conversations: tuple[KnownConversation, ...]
    consents: tuple[KnownConsent, ...]
    profile: KnownProfile | None
    """The newest."""
    shared: bool
    """Another customer has conversations with this person too."""
    cursor: str


class ContactFilter(Record, frozen=True, kw_only=True):
    """Which contacts; None means any."""

    platform: str | None = None
    page_id: str | None = None
    identity: str | None = None
    """The value of any identity."""
    kind: str | None = None
    """With `identity`: its kind. Alone: who has one of this kind."""
    name: str | None = None
    """How the name begins, in either case."""
    stale: bool | None = None


class KnownAddressee(Record, frozen=True, kw_only=True):
    """What must be known of a person before writing to them from a page."""

    contact_id: str
    stale: StaleReason | None
    """Of the identity that was asked for."""
    consents: tuple[KnownConsent, ...]
    """Towards this page."""


class Suspect(Record, frozen=True, kw_only=True):
    """A contact of the same page that cannot be written to any more, and looks the same."""

    contact_id: str
    name: str
    picture: str
