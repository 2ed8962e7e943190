"""A contact that the shards know, as one record for another store."""

from collections.abc import Iterable, Iterator

from adapters.base import Identity
from gateway.store.contact import StaleReason
from gateway.store.redis.central.owners import Page
from gateway.store.redis.contacts.parts import Person
from gateway.store.redis.records.contact_row import ContactRow, ProfileRow, Stale, identity_cell
from gateway.store.redis.records.conversations import Talk
from gateway.store.transfer.people import (
    ConsentRecord,
    ConversationRecord,
    EndedRecord,
    IdentityRecord,
    ProfileRecord,
)


def identities(person: Person) -> Iterator[IdentityRecord]:
    """What a contact is known by, in the order in which that became known."""
    platform = person.row.platform
    marks: dict[str, Stale] = {}
    profiles: dict[str, ProfileRow] = {}
    for part in person.parts:
        marks |= part.row.rare.stale if part.row.rare else {}
        profiles |= part.profiles
    for held in {one[:3]: one for part in person.parts for one in part.row.identities}.values():
        kind, value, scope, former = held
        name = identity_cell(platform, Identity(kind, value, scope))[1]
        yield IdentityRecord(
            platform=platform,
            kind=kind,
            scope=scope,
            value=value,
            former=former,
            stale=_stale(marks.get(name)),
            profile=_profile(profiles.get(name)),
        )


def consents(person: Person) -> tuple[ConsentRecord, ...]:
    """What the contact said, one thing for each page and topic."""
    found = {one[:2]: one for part in person.parts for one in part.consents}
    return tuple(
        ConsentRecord(
            platform=person.row.platform,
            page_id=page_id,
            topic=topic,
            state=state,
            source=source,
            at=at,
            expires_at=expires_at,
        )
        for page_id, topic, state, source, at, expires_at in (found[place] for place in sorted(found))
    )


def aliases(person: Person) -> tuple[str, ...]:
    """Ids of contacts that were merged into this one."""
    rows: Iterable[ContactRow] = (part.row for part in person.parts)
    return tuple(sorted({one for row in rows if row.rare for one in row.rare.aliases}))


def conversation(talk: Talk, page: Page, thread: str | None, ended: Iterable[Talk]) -> ConversationRecord:
    """A conversation as it stands, without its WhatsApp account."""
    return ConversationRecord(
        key=talk.key,
        id=talk.id,
        platform=page[0],
        page_id=page[1],
        waba_id=None,
        thread=thread,
        started=talk.started,
        sequence=talk.sequence,
        last_inbound_at=talk.last_inbound_at,
        ended=tuple(_ended(one) for one in sorted(ended, key=lambda one: one.id)),
        watermarks=talk.watermarks,
    )


def _ended(talk: Talk) -> EndedRecord:
    return EndedRecord(
        key=talk.key,
        id=talk.id,
        started=talk.started,
        sequence=talk.sequence,
        last_inbound_at=talk.last_inbound_at,
    )


def _stale(mark: Stale | None) -> tuple[StaleReason, int] | None:
    return None if mark is None else (mark[0], mark[1])


def _profile(row: ProfileRow | None) -> ProfileRecord | None:
    if row is None:
        return None
    return ProfileRecord(
        fetched_at=row.fetched_at,
        fresh_until=row.fresh_until,
        fields=row.fields,
        missing=row.missing,
        name=row.looks[0],
        picture=row.looks[1],
    )
