"""The part of the store contract about people, on Redis."""

from adapters.base import Identity
from gateway.clock import Clock
from gateway.store.contact import ContactFilter, KnownAddressee, KnownContact, KnownProfile, Suspect
from gateway.store.erasure import Erasure, ErasurePlan, ErasureStep
from gateway.store.records import Page, PageRequest
from gateway.store.redis.central.owners import Owners
from gateway.store.redis.contacts.writes import ContactWrites
from gateway.store.redis.erasure.erasures import Erasures
from gateway.store.redis.intake.admission import RedisAdmissions
from gateway.store.redis.layout.shards import Shards


class RedisPeople(ContactWrites):
    """The `People` contract."""

    def __init__(
        self, shards: Shards, admissions: RedisAdmissions, owners: Owners, clock: Clock, erasures: Erasures
    ) -> None:
        super().__init__(shards, admissions, owners, clock)
        self._erasures = erasures

    async def addressee(self, platform: str, page_id: str, identity: Identity) -> KnownAddressee | None:
        return await self.reads.addressee(platform, page_id, identity)

    async def contacts(
        self, customer_id: str | None, which: ContactFilter, page: PageRequest
    ) -> Page[KnownContact]:
        return await self.lists.contacts(customer_id, which, page)

    async def contact(self, customer_id: str | None, contact_id: str) -> KnownContact | None:
        return await self.reads.contact(customer_id, contact_id)

    async def profile(self, platform: str, identity: Identity) -> KnownProfile | None:
        return await self.reads.profile(platform, identity)

    async def suspects(self, platform: str, identity: Identity) -> tuple[Suspect, ...]:
        return await self.reads.suspects(platform, identity)

    async def begin_erasure(self, erasure: Erasure, plan: ErasurePlan) -> Erasure:
        return await self._erasures.begin(erasure, plan)

    async def advance_erasure(self, limit: int, now: int) -> ErasureStep | None:
        return await self._erasures.advance(limit, now)

    async def end_erasure(self, erasure_id: str, now: int) -> Erasure | None:
        return await self._erasures.end(erasure_id, now)

    async def resolve_parked(
        self, platform: str, identity: Identity, others: tuple[Identity, ...] | None = None
    ) -> None:
        await self._erasures.resolve(platform, identity, others)

    async def parked(self) -> tuple[tuple[str, Identity], ...]:
        return await self._erasures.parked()

    async def erasure(self, code: str) -> Erasure | None:
        return await self._erasures.under(code)
