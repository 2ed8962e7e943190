"""What customers and the platform say of people, as decisions of one shard."""

from collections.abc import Collection, Sequence

import msgspec

from adapters.base import Identity
from gateway.store.contact import KnownProfile, StaleReason
from gateway.store.contacts import IdentityTaken, Unmergeable
from gateway.store.redis.contacts.parts import Part, Person
from gateway.store.redis.intake.admission import ShardAdmissions
from gateway.store.redis.records.consents import mark
from gateway.store.redis.records.contact_row import (
    SEVERAL,
    ContactRow,
    Held,
    ProfileRow,
    identity_cell,
    looks_of,
    name_mark,
    picture_cell,
    profile_cell,
)
from gateway.store.redis.records.view import ABSENT, Cell


class Outdated(Exception):
    """A contact is not any more what it was when it was looked at."""


class ContactChanges:
    """Decides over the records of one shard."""

    def __init__(self, shard: ShardAdmissions) -> None:
        self._view = shard.view
        self._contacts = shard.contacts
        self._conversations = shard.conversations

    def mark_stale(self, platform: str, identity: Identity, reason: StaleReason, at: int) -> bool:
        """False: nobody is known under it."""
        key = self._contacts.owner_key(platform, identity)
        if key is None:
            return False
        row = self._contacts.row(key)
        mark(self._view, row, identity, reason, at)
        self._contacts.put(key, row)
        return True

    def keep_profile(
        self, platform: str, profile: KnownProfile, name: str | None, picture: str | None
    ) -> ContactRow | None:
        """What the platform has said of an identity; whose it is. None: nobody is known under it."""
        key = self._contacts.owner_key(platform, profile.identity)
        if key is None:
            return None
        kept = ProfileRow(
            profile.fetched_at, profile.fresh_until, profile.fields, profile.missing, (name, picture)
        )
        cell, text = profile_cell(platform, profile.identity), msgspec.json.encode(kept).decode()
        self._view.put(cell, text)
        if name is not None and picture is not None:
            self._note_picture(name, picture_cell(platform, profile.identity.scope, picture))
        row = self._contacts.row(key)
        row.name = row.name if name is None else name
        if row.rare is not None and cell[1] in row.rare.stale:
            reason, at, _ = row.rare.stale[cell[1]]
            row.rare.stale[cell[1]] = (reason, at, looks_of(platform, profile.identity, text))
        self._contacts.put(key, row)
        return row

    def _note_picture(self, name: str, cell: Cell) -> None:
        """What people of several names have tells nobody from anybody."""
        known, named = self._view.get(cell), name_mark(name)
        if known != named:
            self._view.put(cell, named if known == ABSENT else SEVERAL)

    def link(self, person: Person, platform: str, identity: Identity, *, known: bool) -> None:
        """In the shard of the identity; `known`: the contact has a record here. Raises IdentityTaken."""
        owner = self._contacts.owner_key(platform, identity)
        key = self._contacts.key_of(person.row.id)
        if owner is not None:
            if owner != key:
                raise IdentityTaken
            return
        if key is None:
            if known:
                raise Unmergeable("gone")
            key = self._copy(person)
        self._contacts.give(platform, key, _held(identity))

    def adopt(self, contact_id: str, names: Sequence[Held], name: str | None) -> None:
        """Know of a contact what other shards have learnt."""
        key = self._contacts.key_of(contact_id)
        if key is None:
            return
        for held in names:
            self._contacts.give(self._contacts.row(key).platform, key, held)
        row = self._contacts.row(key)
        row.name = name or row.name
        row.more.spread = True
        self._contacts.put(key, row)

    def unlink(self, contact_id: str, identity: Identity) -> bool:
        """False: the contact had no such identity here. Raises IdentityTaken for its last."""
        key = self._contacts.key_of(contact_id)
        row = None if key is None else self._contacts.row(key)
        if key is None or row is None or not row.holds(identity):
            return False
        if len(row.identities) == 1:
            raise IdentityTaken
        self._view.put(profile_cell(row.platform, identity), ABSENT)
        self._forget(row, identity)
        self._contacts.put(key, row)
        return True

    def join(self, kept: Person, part: Part, joined: Person) -> None:
        """Make another contact this one, as far as this shard knows them. Raises Outdated."""
        judged = {
            one.row.id: one.row for one in (*kept.parts, *joined.parts, part) if one.shard == part.shard
        }
        key, joined_key = self._contacts.key_of(kept.row.id), self._contacts.key_of(part.row.id)
        if joined_key is None or self._rows(key, joined_key) != judged:
            raise Outdated
        if key is None:
            key = self._copy(kept)
        self._contacts.take_all(kept.row.platform, key, joined_key)
        self._conversations.join(0, key, joined_key)

    def keep_apart(self, one: Person, other: Person) -> None:
        """Remember in the records here that they are two."""
        for each, another in ((one, other), (other, one)):
            key = self._contacts.key_of(each.row.id)
            if key is not None:
                row = self._contacts.row(key)
                row.more.apart = sorted({*row.more.apart, another.key})
                self._contacts.put(key, row)

    def deauthorize(self, contact_id: str, identity: Identity, told: Collection[str | None]) -> None:
        """Drop what the person let the app know; `told`: names that come from profiles."""
        key = self._contacts.key_of(contact_id)
        row = None if key is None else self._contacts.row(key)
        if key is None or row is None:
            return
        names = [Identity(*held[:3]) for held in row.identities]
        logins = [one for one in names if _is_login(one, identity)]
        if logins:
            for one in names:
                self._view.put(profile_cell(row.platform, one), ABSENT)
            row.name = None if row.name in told else row.name
            row.identities = [
                (*one[:3], True) if Identity(*one[:3]) in logins else one for one in row.identities
            ]
            self._contacts.put(key, row)

    def _rows(self, *keys: int | None) -> dict[str, ContactRow]:
        rows = [self._contacts.row(key) for key in keys if key is not None]
        return {row.id: row for row in rows}

    def _forget(self, row: ContactRow, identity: Identity) -> None:
        cell = identity_cell(row.platform, identity)
        row.identities = [one for one in row.identities if Identity(*one[:3]) != identity]
        if row.rare is not None:
            row.rare.stale.pop(cell[1], None)
        self._view.put(cell, ABSENT)

    def _copy(self, person: Person) -> int:
        """Know a contact here that other shards know; its key."""
        row = person.row
        names, copy = row.identities, ContactRow(row.id, row.name, row.username, row.created_at)
        copy.more.spread = True
        key = self._contacts.insert(person.key, copy)
        for held in names:
            self._contacts.give(row.platform, key, held)
        return key


def _held(identity: Identity) -> Held:
    return identity.kind, identity.value, identity.scope, False


def _is_login(one: Identity, identity: Identity) -> bool:
    scoped = identity.scope in ("", one.scope)
    return scoped and (one.kind, one.value) == (identity.kind, identity.value)
