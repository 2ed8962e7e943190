"""Single contacts, and what is asked about an identity: one indexed read, however many people there are."""

from collections.abc import Sequence

import msgspec

from adapters.base import Identity
from gateway.store.contact import KnownAddressee, KnownContact, KnownProfile, Suspect
from gateway.store.paging import cursor
from gateway.store.redis.central.owners import Owners
from gateway.store.redis.contacts.parts import Part, Person, pairs, person_of, read_part
from gateway.store.redis.contacts.views import known_profile, show
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.consents import known_consent, read_consents
from gateway.store.redis.records.contact_row import (
    ProfileRow,
    identity_cell,
    looks_of,
    picture_cell,
    read_row,
)

_PEOPLE = shard_script("contacts/people")
_PERSON = shard_script("contacts/person")
_ALIKE = shard_script("contacts/alike")
_SUSPECTS = 2
_decoder = msgspec.msgpack.Decoder()
_profiles = msgspec.json.Decoder(ProfileRow)


class ContactReads:
    """Asks all shards at once: an id does not tell where its contact is."""

    def __init__(self, shards: Shards, owners: Owners) -> None:
        self._shards = shards
        self._owners = owners

    async def contact(self, customer_id: str | None, contact_id: str) -> KnownContact | None:
        """None: the customer has no such contact."""
        owned, found = await self._owners.read(), await self.find([contact_id])
        person = found.get(contact_id)
        if person is None or not person.is_known_to(customer_id, owned):
            return None
        return show(person, customer_id, owned, cursor(person.place))

    async def find(self, contact_ids: Sequence[str]) -> dict[str, Person]:
        """Contacts by the ids that were asked for: their own, or those of contacts merged into them."""
        parts = await self._parts(contact_ids)
        people = {asked: person_of(found) for asked, found in parts.items()}
        # Only the shards of a contact that was merged know where its id leads.
        merged = {asked: one.row.id for asked, one in people.items() if one.row.id != asked}
        others = await self._parts(sorted({*merged.values()}))
        for asked, name in merged.items():
            known = {(part.shard, part.key): part for part in (*others.get(name, ()), *parts[asked])}
            people[asked] = person_of([*known.values()])
        return people

    async def _parts(self, contact_ids: Sequence[str]) -> dict[str, list[Part]]:
        parts: dict[str, list[Part]] = {}
        if contact_ids:
            names = dict.fromkeys(contact_ids)  # a contact of several shards may be asked for from each
            answers = await self._shards.everywhere(_PEOPLE, *names, repeatable=True)
            for shard, answer in enumerate(answers):
                for asked, *told in _decoder.decode(answer):
                    parts.setdefault(asked, []).append(read_part(shard, told))
        return parts

    async def addressee(self, platform: str, page_id: str, identity: Identity) -> KnownAddressee | None:
        """None: nobody is known under the identity."""
        told = await self._told(platform, identity)
        if not told:
            return None
        row = read_row(told[1])
        stale = row.rare.stale.get(identity_cell(platform, identity)[1]) if row.rare else None
        return KnownAddressee(
            contact_id=row.id,
            stale=None if stale is None else stale[0],
            consents=tuple(known_consent(one) for one in read_consents(told[2]) if one[0] == page_id),
        )

    async def profile(self, platform: str, identity: Identity) -> KnownProfile | None:
        """What is cached of one identity."""
        told = await self._told(platform, identity)
        return known_profile(identity, _profiles.decode(told[3])) if told and told[3] else None

    async def suspects(self, platform: str, identity: Identity) -> tuple[Suspect, ...]:
        """At most two; a name without a picture, or a picture without a name, finds nobody."""
        told = await self._told(platform, identity)
        looks = looks_of(platform, identity, told[3].decode()) if told else ""
        if not looks:
            return ()
        key, row = int(told[0]), read_row(told[1])
        apart = set(row.rare.apart) if row.rare else set()
        shard = self._shards.of(platform, identity.scope)
        most = len(apart) + _SUSPECTS + 1
        name, picture = _profiles.decode(told[3]).looks
        which = (looks, most, picture_cell(platform, identity.scope, picture or "")[1])
        flat = await self._shards.run(shard, _ALIKE, *which, repeatable=True)
        alike = [read_row(text) for one, text in pairs(flat) if int(one) not in apart | {key}]
        return tuple(
            Suspect(contact_id=one.id, name=name or "", picture=picture or "") for one in alike[:_SUSPECTS]
        )

    async def _told(self, platform: str, identity: Identity) -> list[bytes]:
        """Key, record, consents, profile; nothing where nobody is known under the identity."""
        shard = self._shards.of(platform, identity.scope)
        name = identity_cell(platform, identity)[1]
        return list(await self._shards.run(shard, _PERSON, name, repeatable=True))
