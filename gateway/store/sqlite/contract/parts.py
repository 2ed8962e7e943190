"""The parts of the store that stand beside the traffic, each with a contract of its own."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from gateway.store.records import Page, PageRequest, QuarantineEntry
from gateway.store.sqlite.central.quarantine import list_quarantined
from gateway.store.sqlite.contract.changes import Changes
from gateway.store.sqlite.file.readers import Readers
from gateway.store.sqlite.upkeep.usage import read_usage
from gateway.store.usage import Usage

Apart = Callable[..., Awaitable[Any]]
"""Runs a change in the writer's thread."""


class SqliteUsage:
    """Usage, counted behind the traffic."""

    def __init__(self, apart: Apart, changes: Changes, readers: Readers) -> None:
        self._apart = apart
        self._changes = changes
        self._readers = readers

    async def tally(self, limit: int) -> int:
        return int(await self._apart(self._changes.usage.count, limit))

    async def read(self, customer_id: str | None, month: str) -> tuple[Usage, ...]:
        return await self._readers.run(read_usage, month, customer_id)


class SqliteOwnership:
    """Accounts that change hands."""

    def __init__(self, apart: Apart, changes: Changes) -> None:
        self._apart = apart
        self._changes = changes

    async def move(self, account_id: str, customer_id: str, *, history: bool) -> bool:
        return bool(await self._apart(self._changes.move_account, account_id, customer_id, history))

    async def follow(self, limit: int) -> int:
        return int(await self._apart(self._changes.moves.follow, limit))


class SqliteContents:
    """Contents that go early."""

    def __init__(self, apart: Apart, changes: Changes) -> None:
        self._apart = apart
        self._changes = changes

    async def empty(self, customer_ids: Collection[str], limit: int) -> int:
        return int(await self._apart(self._changes.emptying.step, customer_ids, limit))


class Parts:
    """What a store has as attributes once it is open."""

    usage: SqliteUsage
    ownership: SqliteOwnership
    contents: SqliteContents
    _readers: Readers

    async def quarantined(self, page: PageRequest) -> Page[QuarantineEntry]:
        return await self._readers.run(list_quarantined, page)

    def _attach(self, apart: Apart, changes: Changes, readers: Readers) -> None:
        self.usage = SqliteUsage(apart, changes, readers)
        self.ownership = SqliteOwnership(apart, changes)
        self.contents = SqliteContents(apart, changes)
