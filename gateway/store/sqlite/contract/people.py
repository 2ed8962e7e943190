"""The part of the store contract about people, on the file."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, TypeVarTuple

from adapters.base import Identity
from gateway.store.contact import (
    ContactFilter,
    KnownAddressee,
    KnownContact,
    KnownProfile,
    StaleReason,
    Suspect,
)
from gateway.store.erasure import Erasure, ErasurePlan, ErasureStep
from gateway.store.records import Page, PageRequest
from gateway.store.sqlite.contacts.changes import ContactChanges
from gateway.store.sqlite.contacts.lists import list_contacts
from gateway.store.sqlite.contacts.reads import read_addressee, read_contact, read_profile
from gateway.store.sqlite.contacts.suspects import find_suspects
from gateway.store.sqlite.erasure.erasures import (
    EVENTS,
    REST,
    Erasures,
    current,
    find_traces,
    last_step,
    read_erasure,
    read_parked,
    read_running,
)
from gateway.store.sqlite.file.readers import Readers

A = TypeVarTuple("A")
T = TypeVar("T")


class ContactStore:
    """The `People` contract."""

    def __init__(
        self,
        readers: Readers,
        change: Callable[..., Awaitable[Any]],
        empty_log: Callable[[], Awaitable[bool]],
        parts: tuple[ContactChanges, Erasures],
    ) -> None:
        """`change` runs one of the parts' methods in the writer; `empty_log` says if it could."""
        self._readers = readers
        self._change = change
        self._empty_log = empty_log
        self._contacts, self._erasures = parts

    async def addressee(self, platform: str, page_id: str, identity: Identity) -> KnownAddressee | None:
        return await self._readers.run(read_addressee, platform, page_id, identity)

    async def mark_stale(self, platform: str, identity: Identity, reason: StaleReason, at: int) -> bool:
        return await self._write(self._contacts.mark_stale, platform, identity, reason, at)

    async def contacts(
        self, customer_id: str | None, which: ContactFilter, page: PageRequest
    ) -> Page[KnownContact]:
        return await self._readers.run(list_contacts, customer_id, which, page)

    async def contact(self, customer_id: str | None, contact_id: str) -> KnownContact | None:
        return await self._readers.run(read_contact, customer_id, contact_id)

    async def link(self, customer_id: str | None, contact_id: str, platform: str, identity: Identity) -> None:
        await self._write(self._contacts.link, customer_id, contact_id, platform, identity)

    async def unlink(self, customer_id: str | None, contact_id: str, identity: Identity) -> bool:
        return await self._write(self._contacts.unlink, customer_id, contact_id, identity)

    async def merge(self, customer_id: str | None, contact_id: str, other_id: str) -> str:
        return await self._write(self._contacts.merge, customer_id, contact_id, other_id)

    async def keep_apart(self, customer_id: str | None, contact_id: str, other_id: str) -> None:
        await self._write(self._contacts.keep_apart, customer_id, contact_id, other_id)

    async def deauthorize(self, platform: str, identity: Identity) -> None:
        await self._write(self._contacts.deauthorize, platform, identity)

    async def profile(self, platform: str, identity: Identity) -> KnownProfile | None:
        return await self._readers.run(read_profile, platform, identity)

    async def keep_profile(
        self, platform: str, profile: KnownProfile, name: str | None, picture: str | None
    ) -> None:
        await self._write(self._contacts.keep_profile, platform, profile, name, picture)

    async def suspects(self, platform: str, identity: Identity) -> tuple[Suspect, ...]:
        return await self._readers.run(find_suspects, platform, identity)

    async def begin_erasure(self, erasure: Erasure, plan: ErasurePlan) -> Erasure:
        return await self._write(self._erasures.begin, erasure, plan)

    async def advance_erasure(self, limit: int, now: int) -> ErasureStep | None:
        row = await self._readers.run(read_running)
        if row is None:
            return None
        if row[1] == EVENTS:
            running = current(row)
            traces = await self._readers.run(find_traces, running.trail, running.position, limit)
            await self._write(self._erasures.erase, running, traces)
        elif row[1] == REST:
            await self._write(self._erasures.finish_rest, current(row), limit)
        elif await self._empty_log():
            return await self._readers.run(last_step, row)
        erasure = await self._readers.run(read_erasure, "id", row[0])
        return None if erasure is None else ErasureStep(erasure=erasure, done=False, stuck=row[1] > REST)

    async def end_erasure(self, erasure_id: str, now: int) -> Erasure | None:
        return await self._write(self._erasures.end, erasure_id, now)

    async def resolve_parked(
        self, platform: str, identity: Identity, others: tuple[Identity, ...] | None = None
    ) -> None:
        await self._write(self._erasures.resolve, platform, identity, others)

    async def parked(self) -> tuple[tuple[str, Identity], ...]:
        plans = [plan for _, plan in await self._readers.run(read_parked)]
        return tuple((plan.platform, plan.identity) for plan in plans if plan.identity is not None)

    async def erasure(self, code: str) -> Erasure | None:
        return await self._readers.run(read_erasure, "code", code)

    async def _write(self, call: Callable[[*A], T], *arguments: *A) -> T:
        result: T = await self._change(call, *arguments)
        return result
