"""Taking a person out of the shards, one after the other: from then on nobody there is known as that person.

What was known is noted in the same change. A process that dies in between leaves shards to be done, and
what the others have noted still leads there.
"""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import msgspec

from adapters.base import Identity
from gateway.contacts.resolution import GIVEN
from gateway.store.base import StoreUnavailable
from gateway.store.departed import Fingerprints
from gateway.store.erasure import ErasurePlan
from gateway.store.redis.central.owners import Owners
from gateway.store.redis.erasure.leaving import Leaving
from gateway.store.redis.erasure.trail import Trace, Trail, lay, merged
from gateway.store.redis.intake.admission import INDEXED
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.outbox.outbox import RedisOutbox
from gateway.store.redis.records.contact_row import ContactRow, identity_cell, read_row
from gateway.store.redis.records.view import ABSENT, Missing, View, flat

_STAND, _WHOSE = shard_script("erasure/stand"), shard_script("contacts/whose")
_TAKE, _LOOK = shard_script("records/changes", "erasure/take"), shard_script("records/look")
_ATTEMPTS = 1_000
"""Each fetches a record or loses a race; nobody loses so many."""
_encoder = msgspec.msgpack.Encoder()
_unpack = msgspec.msgpack.decode
_note = msgspec.json.Decoder(Trace)


class Departures:
    """Several processes may take the same person at once: each shard is done by one of them."""

    def __init__(
        self, shards: Shards, owners: Owners, outbox: RedisOutbox, fingerprints: Fingerprints
    ) -> None:
        self._shards = shards
        self._fingerprints = fingerprints
        self._outbox = outbox
        self._owners = owners

    async def is_known(self, plan: ErasurePlan) -> bool:
        """Whether a plan leads to anybody."""
        return bool((await self._find(plan, Trace())).contact_ids)

    async def take(self, erasure_id: str, plan: ErasurePlan, now: int) -> Trail:
        """Make the person unknown everywhere; what to look for. Safe to repeat. Raises StoreUnavailable.

        Messages on their way go first: an outcome that came later would be news of somebody unknown.
        """
        owned = await self._owners.read()
        done = await self._noted(erasure_id)
        known = await self._find(plan, merged(done.values()))
        await self._outbox.erase(plan.platform, lay(plan, known, owned).goes_to, now)
        leaving = Leaving(plan, known, owned, self._fingerprints)
        for shard in self._shards.numbers:
            if shard not in done:
                await self._take(shard, erasure_id, leaving, now)
        return lay(plan, merged((await self._noted(erasure_id)).values()), owned)

    async def _find(self, plan: ErasurePlan, known: Trace) -> Trace:
        """All contacts that the plan leads to, and what of that is the same person in other shards."""
        ids = {*known.contact_ids, *([plan.contact_id] if plan.contact_id is not None else [])}
        identities = {*_own(known.identities), *plan.identities}
        while True:
            found = merged([known, await self._lead_to(plan.platform, ids, identities)])
            more = set(found.contact_ids) - ids, _own(found.identities) - identities
            if not any(more):
                return found
            ids |= more[0]
            identities |= more[1]

    async def _lead_to(self, platform: str, ids: set[str], identities: set[Identity]) -> Trace:
        exact = [identity_cell(platform, one)[1] for one in identities if one.kind not in GIVEN]
        anywhere = [f"{one.value}\n{one.kind}\n" for one in identities if one.kind in GIVEN]
        wanted = _encoder.encode([sorted(ids), exact, anywhere])
        found = Trace()
        for records in await self._shards.everywhere(_WHOSE, wanted, repeatable=True):
            for row in map(read_row, set(records)):
                if row.platform == platform and _is_meant(row, ids, identities):
                    found.add(row)
        return found

    async def _noted(self, erasure_id: str) -> dict[int, Trace]:
        """What was known in the shards that are done."""
        stands = await self._shards.everywhere(_STAND, erasure_id, repeatable=True)
        return {
            shard: Trace() if note is None else _note.decode(note)
            for shard, (state, note) in enumerate(stands)
            if state is not None
        }

    async def _take(self, shard: int, erasure_id: str, leaving: Leaving, now: int) -> None:
        view = View(uuid4, INDEXED)
        for _ in range(_ATTEMPTS):
            view.restart()
            view.begin(now, [])
            try:
                note = msgspec.json.encode(leaving.decide(view)).decode()
            except Missing as error:
                self._learn(view, await self._look(shard, error.cell))
                continue
            change = view.accept()
            changes = (flat(change.checks), flat(change.values), flat(change.indexes))
            given = (erasure_id, change.period, *changes, note)
            wrong = _unpack(await self._shards.run(shard, _TAKE, _encoder.encode(given), repeatable=True))
            if not wrong:
                return
            self._learn(view, wrong)
        raise StoreUnavailable("too many others change the same records")

    async def _look(self, shard: int, cell: tuple[str, str]) -> Any:
        return _unpack(await self._shards.run(shard, _LOOK, _encoder.encode(cell), repeatable=True))

    def _learn(self, view: View, found: list[Any]) -> None:
        for place, name, value in zip(found[::3], found[1::3], found[2::3], strict=True):
            view.learn((place, name), value or ABSENT)


def _own(identities: Iterable[Identity]) -> set[Identity]:
    """Those that only one person has: of another contact with the same app's id the erasure says nothing."""
    return {one for one in identities if one.kind not in GIVEN}


def _is_meant(row: ContactRow, ids: set[str], identities: set[Identity]) -> bool:
    """Whether a contact is named, by an id of its own or by one that several may have."""
    if not ids.isdisjoint((row.id, *(row.rare.aliases if row.rare else ()))):
        return True
    held = {Identity(*one[:3]) for one in row.identities}
    anywhere = {Identity(one.kind, one.value, "") for one in held}
    return not identities.isdisjoint(held | anywhere)
