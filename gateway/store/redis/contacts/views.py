"""What a customer may see of a contact, put together from all shards that know it."""

from collections.abc import Iterable

from adapters.base import Identity
from gateway.contacts.sight import may_see
from gateway.store.contact import KnownConsent, KnownContact, KnownConversation, KnownIdentity, KnownProfile
from gateway.store.redis.central.owners import Owned, Page
from gateway.store.redis.contacts.parts import Person
from gateway.store.redis.records.consents import known_consent
from gateway.store.redis.records.contact_row import ProfileRow, identity_cell


def show(person: Person, customer_id: str | None, owned: Owned, cursor: str) -> KnownContact:
    """A contact as far as the customer may see."""
    own = None if customer_id is None else owned.own(customer_id)
    row = person.row
    shared = person.is_shared(customer_id, owned)
    identities = tuple(_identities(person, own, shared=shared))
    return KnownContact(
        id=row.id,
        platform=row.platform if identities else "",
        name=next((part.row.name for part in person.parts if part.row.name is not None), None),
        username=next((part.row.username for part in person.parts if part.row.username is not None), None),
        created_at=row.created_at,
        identities=identities,
        conversations=_conversations(person, own, owned),
        consents=tuple(_consents(person, own)),
        profile=_newest_profile(person, identities),
        shared=shared,
        cursor=cursor,
    )


def _identities(person: Person, own: dict[str, Page] | None, *, shared: bool) -> Iterable[KnownIdentity]:
    scopes = None if own is None else {page_id for _, page_id in own.values()}
    marks = {
        name: mark for part in person.parts if part.row.rare for name, mark in part.row.rare.stale.items()
    }
    seen = {one[:3]: one for part in person.parts for one in part.row.identities}
    for kind, value, scope, former in seen.values():
        identity = Identity(kind, value, scope)
        if may_see(identity, scopes, shared=shared):
            mark = marks.get(identity_cell(person.row.platform, identity)[1])
            yield KnownIdentity(
                kind=kind,
                value=value,
                scope=scope,
                former=former,
                stale=None if mark is None else mark[0],
                stale_since=None if mark is None else mark[1],
            )


def _consents(person: Person, own: dict[str, Page] | None) -> Iterable[KnownConsent]:
    """The last word on each topic; what a move has written into every shard may be older in some."""
    said = sorted((one for part in person.parts for one in part.consents), key=lambda one: one[4])
    for (page_id, _), one in sorted({one[:2]: one for one in said}.items()):
        if own is None or (person.row.platform, page_id) in own.values():
            yield known_consent(one)


def _conversations(
    person: Person, own: dict[str, Page] | None, owned: Owned
) -> tuple[KnownConversation, ...]:
    found = [
        (part.talks[identifier], part.pages.get(page) or owned.pages.get(page))
        for part in person.parts
        for page, identifier in part.row.conversations.items()
        if own is None or page in own
    ]
    found.sort(key=lambda one: one[0].key)
    return tuple(
        KnownConversation(
            id=talk.id,
            platform=person.row.platform,
            page_id="" if page is None else page[1],
            started=talk.started,
            last_inbound_at=talk.last_inbound_at,
            aliases=tuple(talk.ended),
        )
        for talk, page in found
    )


def _newest_profile(person: Person, identities: Iterable[KnownIdentity]) -> KnownProfile | None:
    names = {identity_cell(person.row.platform, one.identity)[1]: one.identity for one in identities}
    found = [
        known_profile(names[name], one)
        for part in person.parts
        for name, one in part.profiles.items()
        if name in names
    ]
    return max(found, key=lambda one: one.fetched_at, default=None)


def known_profile(identity: Identity, row: ProfileRow) -> KnownProfile:
    """A profile as the API shows it."""
    return KnownProfile(
        identity=identity,
        fetched_at=row.fetched_at,
        fresh_until=row.fresh_until,
        fields=row.fields,
        missing=row.missing,
    )
