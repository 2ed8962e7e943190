"""What people agreed to, and which of their identities cannot be written to."""

import msgspec

from adapters.base import Identity
from adapters.event import Event
from gateway.store.contact import EVERYTHING, ConsentState, KnownConsent, StaleReason
from gateway.store.redis.records.contact_row import (
    ContactRow,
    consents_cell,
    identity_cell,
    looks_of,
    profile_cell,
)
from gateway.store.redis.records.view import ABSENT, View

Said = tuple[str, str, ConsentState, str, int, int | None]
"""Page, topic, state, source, when, and when it ends by itself."""
_decoder = msgspec.json.Decoder(list[Said])


def read_consents(text: str | bytes) -> list[Said]:
    """A contact's consents as they were written."""
    return _decoder.decode(text) if text else []


def known_consent(said: Said) -> KnownConsent:
    """A consent as the API shows it."""
    page_id, topic, state, source, at, expires_at = said
    return KnownConsent(
        page_id=page_id, topic=topic, state=state, source=source, at=at, expires_at=expires_at
    )


def say(view: View, event: Event, key: int, row: ContactRow) -> bool:
    """Keep what the person said with an opt-in or opt-out. Whether ids of the row became stale by it.

    What comes late does not overrule what was said after it.
    """
    consent = event.consent
    if consent is None:
        return False
    topic = consent.topic or EVERYTHING
    expires_at = None if consent.token_expires_at is None else consent.token_expires_at * 1000
    said: Said = (event.page_id, topic, consent.state, consent.source, event.timestamp_ms, expires_at)
    _keep(view, key, [said])
    if consent.state == "opted_in" or topic != EVERYTHING:
        return False
    own = [Identity(*one[:3]) for one in row.identities if one[2] == event.page_id]
    for identity in own:
        mark(view, row, identity, "opted_out", event.timestamp_ms)
    return bool(own)


def mark(view: View, row: ContactRow, identity: Identity, reason: StaleReason, at: int) -> None:
    """Remember in the row that an identity of it cannot be written to; an earlier mark stays."""
    name = identity_cell(row.platform, identity)[1]
    if name not in row.more.stale:
        profile = view.get(profile_cell(row.platform, identity))
        row.more.stale[name] = (reason, at, looks_of(row.platform, identity, profile))


def join_consents(view: View, key: int, joined: int) -> None:
    """What another contact agreed to holds for this one, but where this one has said something itself."""
    others = read_consents(view.get(consents_cell(joined)))
    if others:
        mine = {one[:2] for one in read_consents(view.get(consents_cell(key)))}
        _keep(view, key, [one for one in others if one[:2] not in mine])
        view.put(consents_cell(joined), ABSENT)


def _keep(view: View, key: int, news: list[Said]) -> None:
    # Not fetched: a new contact has another key at each repetition of its decision.
    said = {one[:2]: one for one in read_consents(view.presume_absent(consents_cell(key)))}
    for one in news:
        before = said.get(one[:2])
        if before is None or one[4] >= before[4]:
            said[one[:2]] = one
    view.put(consents_cell(key), msgspec.json.encode(sorted(said.values(), key=lambda one: one[:2])).decode())
