"""Contacts as the API shows them."""

from typing import Any

from msgspec import Struct

from gateway.api.answers import seconds, view
from gateway.store.contact import (
    EVERYTHING,
    ConsentState,
    KnownConsent,
    KnownContact,
    KnownConversation,
    KnownIdentity,
    KnownProfile,
    StaleReason,
)

_NO_ADDRESSES = frozenset({"asid", "fb_commenter", "ig_commenter"})
"""Kinds under which nobody can be written to."""


class StoredIdentity(Struct, frozen=True, kw_only=True):
    """One name of a person: a value means nothing without its kind and its scope."""

    kind: str
    """`psid igsid wa_id phone bsuid parent_bsuid user_ref asid fb_commenter ig_commenter`."""
    value: str
    scope: str
    """The Page or Instagram account; the app for `asid`; the WABA or portfolio on WhatsApp."""
    is_active: bool
    """Whether it can be written to, as far as is known."""
    stale_reason: StaleReason | None
    stale_since: int | None
    former: bool
    """A number that the person gave up, or the id that went with it."""


class StoredConsent(Struct, frozen=True, kw_only=True):
    """What a person last said to one page about one topic."""

    page_id: str
    topic: str | None
    """Null: everything."""
    state: ConsentState
    source: str
    at: int
    expires_at: int | None


class StoredProfile(Struct, frozen=True, kw_only=True):
    """What the platform told when it was last asked."""

    fields: dict[str, Any]
    missing: str | None
    """Why there is none: `empty no_profile no_consent not_visible not_permitted`."""
    fetched_at: int
    fresh_until: int


class ContactConversation(Struct, frozen=True, kw_only=True):
    """A conversation of a person with a page."""

    id: str
    platform: str
    page_id: str
    started: bool
    last_inbound_at: int | None
    aliases: tuple[str, ...]
    """Ids of conversations that ended in this one."""


class StoredContact(Struct, frozen=True, kw_only=True):
    """A person, under the gateway's own key."""

    id: str
    platform: str
    name: str | None
    username: str | None
    locale: str | None
    """Of the profile, such as `pt_BR`."""
    asid: str | None
    """Their id with the business's app, if it is known."""
    is_active: bool
    """Whether any of the identities can be written to."""
    identities: tuple[StoredIdentity, ...]
    consents: tuple[StoredConsent, ...]
    profile: StoredProfile | None
    conversations: tuple[ContactConversation, ...]
    shared: bool
    """Another customer talks with this person too: what both would see cannot be changed by one."""
    created_at: int


def show(contact: KnownContact) -> StoredContact:
    """A contact, as far as the store says that the caller may see it."""
    asids = [one.value for one in contact.identities if one.kind == "asid" and not one.former]
    profile = contact.profile
    return view(
        StoredContact,
        contact,
        locale=None if profile is None else profile.fields.get("locale"),
        asid=asids[0] if asids else None,
        is_active=any(_is_active(one) and one.kind not in _NO_ADDRESSES for one in contact.identities),
        identities=tuple(_identity(one) for one in contact.identities),
        consents=tuple(_consent(one) for one in contact.consents),
        profile=None if profile is None else _profile(profile),
        conversations=tuple(show_conversation(one) for one in contact.conversations),
        created_at=seconds(contact.created_at),
    )


def show_conversation(conversation: KnownConversation) -> ContactConversation:
    """A conversation of a contact."""
    return view(ContactConversation, conversation, last_inbound_at=_moment(conversation.last_inbound_at))


def _identity(one: KnownIdentity) -> StoredIdentity:
    return view(
        StoredIdentity,
        one,
        is_active=_is_active(one),
        stale_reason=one.stale,
        stale_since=_moment(one.stale_since),
    )


def _is_active(one: KnownIdentity) -> bool:
    return one.stale is None and not one.former


def _consent(one: KnownConsent) -> StoredConsent:
    topic = None if one.topic == EVERYTHING else one.topic
    return view(StoredConsent, one, topic=topic, at=seconds(one.at), expires_at=_moment(one.expires_at))


def _profile(one: KnownProfile) -> StoredProfile:
    return view(StoredProfile, one, fetched_at=seconds(one.fetched_at), fresh_until=seconds(one.fresh_until))


def _moment(at: int | None) -> int | None:
    return None if at is None else seconds(at)
