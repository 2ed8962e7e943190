"""The hint that somebody has come back under another id, as after blocking and unblocking a Page."""

from adapters._identifiers import event_id
from adapters.event import VERSION, Event
from adapters.parts import IdentityChange, PersonIdentity
from gateway.store.contact import KnownContact, Suspect
from gateway.store.derived import IDENTITY_SUSPECTED


def suspected(current: KnownContact, suspect: KnownContact, page_id: str, found: Suspect, at: int) -> Event:
    """`contact.identity_suspected`, once for the same two people whichever came first. Nothing is merged."""
    one, other = sorted([_names(current), _names(suspect)])
    conversations = [each.id for each in suspect.conversations if each.page_id == page_id]
    evidence = {"name": found.name, "picture": found.picture, "stale": _stale(suspect)}
    change = IdentityChange(
        change="suspected",
        previous=_identities(suspect),
        current=_identities(current),
        previous_conversation_id=conversations[0] if conversations else None,
        details={"contact_id": current.id, "previous_contact_id": suspect.id, "evidence": evidence},
    )
    return Event(
        id=event_id(current.platform, page_id, IDENTITY_SUSPECTED, *one, *other),
        version=VERSION,
        platform=current.platform,
        event=IDENTITY_SUSPECTED,
        timestamp=at // 1000,
        timestamp_ms=at,
        page_id=page_id,
        origin="gateway",
        identity=change,
    )


def _identities(contact: KnownContact) -> tuple[PersonIdentity, ...]:
    return tuple(
        PersonIdentity(kind=one.kind, value=one.value, scope=one.scope) for one in contact.identities
    )


def _names(contact: KnownContact) -> list[str]:
    return [text for one in contact.identities for text in (one.kind, one.scope, one.value)]


def _stale(contact: KnownContact) -> str | None:
    return next((one.stale for one in contact.identities if one.stale is not None), None)
