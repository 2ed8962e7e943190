"""The part of the store contract about people, on Redis."""

from adapters.base import Identity
from gateway.store.contact import Addressee, ContactFilter, KnownContact, KnownProfile, Suspect
from gateway.store.records import Page, PageRequest
from gateway.store.redis.contact_writes import ContactWrites
from gateway.store.unkept import UnkeptErasing


class RedisPeople(ContactWrites, UnkeptErasing):
    """The `People` contract."""

    async def addressee(self, platform: str, page_id: str, identity: Identity) -> Addressee | None:
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
