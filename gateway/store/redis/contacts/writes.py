"""Changes to people, shard by shard.

All of a contact lies in the shard of its page or WhatsApp account, so that a change is one commit. A contact
that a customer has linked or merged over several pages may be known in several shards: those are changed one
after the other, each step may be repeated, and reads put together what the shards know.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from adapters.base import Identity
from gateway.clock import Clock
from gateway.contacts.merging import unmergeable
from gateway.contacts.resolution import GIVEN
from gateway.store.base import StoreUnavailable
from gateway.store.contact import ContactFilter, KnownProfile, StaleReason
from gateway.store.contacts import Unmergeable
from gateway.store.redis.central.owners import Owners
from gateway.store.redis.contacts.changes import ContactChanges, Outdated
from gateway.store.redis.contacts.lists import ContactLists
from gateway.store.redis.contacts.parts import Part, Person
from gateway.store.redis.contacts.reads import ContactReads
from gateway.store.redis.contacts.views import show
from gateway.store.redis.intake.admission import RedisAdmissions
from gateway.store.redis.intake.deciding import Decision
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.contact_row import Held, identity_cell, name_cell
from gateway.store.redis.records.view import Cell

T = TypeVar("T")
_ATTEMPTS = 100


class ContactWrites:
    """What the `People` contract changes."""

    def __init__(self, shards: Shards, admissions: RedisAdmissions, owners: Owners, clock: Clock) -> None:
        self._shards = shards
        self._deciding = [one.deciding for one in admissions.each]
        self._changes = [ContactChanges(one) for one in admissions.each]
        self._owners = owners
        self._clock = clock
        self.reads = ContactReads(shards, owners)
        self.lists = ContactLists(shards, owners, self.reads)

    async def mark_stale(self, platform: str, identity: Identity, reason: StaleReason, at: int) -> bool:
        """False: nobody is known under the identity."""
        shard = self._home(platform, identity)
        make = partial(self._changes[shard].mark_stale, platform, identity, reason, at)
        return await self._decide(shard, make, identity_cell(platform, identity))

    async def keep_profile(
        self, platform: str, profile: KnownProfile, name: str | None, picture: str | None
    ) -> None:
        """An identity that nobody is known under keeps nothing."""
        shard = self._home(platform, profile.identity)
        make = partial(self._changes[shard].keep_profile, platform, profile, name, picture)
        row = await self._decide(shard, make, identity_cell(platform, profile.identity))
        if row is not None and name is not None:
            elsewhere = {self._home(platform, Identity(*held[:3])) for held in row.identities} - {shard}
            await self._adopt(elsewhere, row.id, [], name)

    async def link(self, customer_id: str | None, contact_id: str, platform: str, identity: Identity) -> None:
        """Raises IdentityTaken, Unmergeable."""
        person = await self._own(customer_id, contact_id)
        held = (identity.kind, identity.value, identity.scope, False)
        if identity.kind in GIVEN:
            await self._adopt({part.shard for part in person.parts}, person.row.id, [held], None)
            return
        home, needs = self._home(platform, identity), (identity_cell(platform, identity), *_names(person))
        known = any(part.shard == home for part in person.parts)
        make = partial(self._changes[home].link, person, platform, identity, known=known)
        await self._decide(home, make, *needs)
        await self._adopt({part.shard for part in person.parts} - {home}, person.row.id, [held], None)

    async def unlink(self, customer_id: str | None, contact_id: str, identity: Identity) -> bool:
        """False: the contact had no such identity. Raises IdentityTaken for its last, Unmergeable."""
        person = await self._own(customer_id, contact_id)
        found = []
        for part in person.parts:
            make = partial(self._changes[part.shard].unlink, person.row.id, identity)
            found.append(await self._decide(part.shard, make, *_names(person)))
        return any(found)

    async def merge(self, customer_id: str | None, contact_id: str, other_id: str) -> str:
        """The id that goes on. Raises Unmergeable."""
        for _ in range(_ATTEMPTS):
            people = await self._seen(customer_id, contact_id, other_id)
            kept, joined = sorted(people, key=lambda person: person.key)
            # Where an earlier merger was interrupted they are one already, but not in every shard.
            parts = (*kept.strays, *joined.strays)
            if not parts:
                await self._judge(customer_id, kept, joined)
                parts = joined.parts
            try:
                await self._join(kept, joined, parts)
            except Outdated:
                continue
            return kept.row.id
        raise StoreUnavailable("too many others change the same contacts")

    async def keep_apart(self, customer_id: str | None, contact_id: str, other_id: str) -> None:
        """Raises Unmergeable where one of them is gone or shared, or both are one already."""
        one, other = await self._own(customer_id, contact_id), await self._own(customer_id, other_id)
        if one.row.id == other.row.id:
            raise Unmergeable("same_contact")
        for shard in sorted({part.shard for part in (*one.parts, *other.parts)}):
            make = partial(self._changes[shard].keep_apart, one, other)
            await self._decide(shard, make, *_names(one, other))

    async def deauthorize(self, platform: str, identity: Identity) -> None:
        """An empty scope means any app."""
        which = ContactFilter(platform=platform, identity=identity.value, kind=identity.kind)
        people = await self.reads.find(sorted(await self.lists.ids_of(which)))
        for person in people.values():
            told = {profile.looks[0] for part in person.parts for profile in part.profiles.values()}
            for part in person.parts:
                make = partial(self._changes[part.shard].deauthorize, person.row.id, identity, told)
                await self._decide(part.shard, make, *_names(person))

    def _home(self, platform: str, identity: Identity) -> int:
        """The shard in which an identity belongs, and which says whose it is."""
        return self._shards.of(platform, identity.scope)

    async def _seen(self, customer_id: str | None, *contact_ids: str) -> list[Person]:
        """Contacts that the customer may see. Raises Unmergeable."""
        owned, found = await self._owners.read(), await self.reads.find(contact_ids)
        people = [found[one] for one in contact_ids if one in found]
        if len(people) < len(contact_ids) or not all(one.is_known_to(customer_id, owned) for one in people):
            raise Unmergeable("gone")
        return people

    async def _own(self, customer_id: str | None, contact_id: str) -> Person:
        """A contact that nobody else shares. Raises Unmergeable."""
        (person,) = await self._seen(customer_id, contact_id)
        if person.is_shared(customer_id, await self._owners.read()):
            raise Unmergeable("shared")
        return person

    async def _judge(self, customer_id: str | None, one: Person, other: Person) -> None:
        """Raises Unmergeable."""
        owned = await self._owners.read()
        reason = unmergeable(*(show(each, customer_id, owned, "") for each in (one, other)))
        if reason is not None:
            raise Unmergeable(reason)

    async def _join(self, kept: Person, joined: Person, parts: Sequence[Part]) -> None:
        """Where the other contact is known it becomes this one; elsewhere this one learns its names."""
        for part in parts:
            make = partial(self._changes[part.shard].join, kept, part, joined)
            await self._decide(part.shard, make, name_cell(part.row.id), name_cell(kept.row.id))
        names = [held for part in parts for held in part.row.identities]
        elsewhere = {part.shard for part in kept.parts} - {part.shard for part in parts}
        await self._adopt(elsewhere, kept.row.id, names, kept.row.name or joined.row.name)

    async def _adopt(
        self, shards: Iterable[int], contact_id: str, names: Sequence[Held], name: str | None
    ) -> None:
        for shard in sorted(shards):
            make = partial(self._changes[shard].adopt, contact_id, names, name)
            await self._decide(shard, make, name_cell(contact_id))

    async def _decide(self, shard: int, make: Callable[[], T], *needs: Cell) -> T:
        decided: T = await self._deciding[shard].decide(Decision(make, self._clock(), needs))
        return decided


def _names(*people: Person) -> list[Cell]:
    return [name_cell(one.row.id) for one in people]
