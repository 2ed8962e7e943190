"""One shard's messages on their way out: claimed, begun, moved by what came of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.sending import SendError
from gateway.store.outcomes import Conclusion, Outcomes
from gateway.store.outgoing import Message, Queued, SendJob, SendOutcome, SendSettlement
from gateway.store.records import Route
from gateway.store.redis.intake.admission import ShardAdmissions
from gateway.store.redis.intake.deciding import Decision
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.contact_row import identity_cell
from gateway.store.redis.records.conversations import conversation_cell
from gateway.store.redis.records.lines import line_cell
from gateway.store.redis.records.outgoing_record import (
    DONE,
    LEASED,
    UNSETTLED,
    OutgoingRecord,
    behind_in,
    decoded,
    due_on,
    list_of_customer,
    outgoing_cell,
)
from gateway.store.redis.records.view import Cell, range_cell

_EARLIEST, _PAGES = shard_script("outbox/earliest"), shard_script("outbox/pages")
_SCAN, _LIST = shard_script("outbox/scan"), shard_script("outbox/list")
_LOOKED_AT = 2_000
"""Messages per script, so that one customer holds up nobody else."""
_SCANNED = 100
_EXPIRED = 100
"""So many leases are voided at once; more of them the next time."""
_pages = Pages()


class ShardSending:
    """What is due is looked up, then each message decided by itself: another process may have it by now."""

    def __init__(self, shards: Shards, shard: int, admissions: ShardAdmissions) -> None:
        self._shards = shards
        self._shard = shard
        self._rows = admissions.outgoing
        self._deciding = admissions.deciding
        self._outcomes = Outcomes(self._rows, _pages, admissions.decisions.follow)

    async def add(self, message: Message) -> bool:
        """Keep it, once per id."""
        return bool(await self._decide(lambda: self._outcomes.add(message), message, message.created_at))

    async def refuse(
        self, message: Message, error: SendError, routes: Mapping[str, tuple[Route, ...]]
    ) -> tuple[str, ...]:
        """Keep it as one that has failed; endpoints to wake."""
        refused = await self._decide(
            lambda: self._outcomes.refuse(message, error, routes), message, message.created_at
        )
        return tuple(refused.waiting)

    async def backlog(self) -> list[Queued]:
        """Pages with something to send."""
        flat = await self._shards.run(self._shard, _PAGES, repeatable=True)
        pages = [name.decode().split(" ", 1) for name in flat[::2]]
        return [
            Queued(platform=page[0], page_id=page[1], due_at=int(due_at))
            for page, due_at in zip(pages, flat[1::2], strict=True)
        ]

    async def claim(
        self, platform: str, page_id: str, now: int, limit: int
    ) -> tuple[list[SendJob], int | None]:
        """Lease what is due, and tell when the next one will be."""
        earliest = await self._earliest(due_on(platform, page_id), limit + 1)
        due = [identifier for identifier, due_at in earliest[:limit] if due_at <= now]
        jobs = await self._each(due, now, lambda row: _is_due(row, now, "waiting"), self._outcomes.claim)
        return jobs, next((due_at for identifier, due_at in earliest if identifier not in due), None)

    async def begin(self, job: SendJob, part: int, now: int) -> bool:
        """Whether the claim holds; then the part is in flight."""
        return bool(await self._decide(lambda: self._outcomes.begin(job, part, now), job.message, now))

    async def finish(self, outcome: SendOutcome) -> SendSettlement:
        """Move it, and take in the events that follow."""
        conclusion: Conclusion = await self._decide(
            lambda: self._outcomes.finish(outcome), outcome.job.message, outcome.at
        )
        return conclusion.settlement()

    async def expire(self, now: int) -> None:
        """Void the leases that have run out."""
        due = [one for one, due_at in await self._earliest(LEASED, _EXPIRED) if due_at <= now]
        await self._each(due, now, lambda row: _is_due(row, now, "leased", "begun"), self._outcomes.expire)

    async def unsettled(self, now: int, limit: int) -> list[SendJob]:
        """What is to be looked for, claimed."""
        due = [one for one, due_at in await self._earliest(UNSETTLED, limit) if due_at <= now]
        return await self._each(due, now, lambda row: _is_due(row, now, "unsettled"), self._outcomes.ask)

    async def prune(self, expired: int, now: int, limit: int) -> int:
        """Forget what went out before the key `expired`. What is open stays, however old it is."""
        old = [one for one, key in await self._earliest(DONE, limit) if key < expired]
        await self._each(
            old, now, lambda row: row.progress.stage == "done", lambda row, _: self._rows.remove(row)
        )
        return len(old)

    async def erase(self, platform: str, concerns: Callable[[OutgoingRecord], bool], now: int) -> None:
        """Forget messages of a platform that concern somebody, whatever their state. Safe to repeat."""
        cursor = b"0"
        while True:
            about = (cursor, _SCANNED, platform)
            cursor, *values = await self._shards.run(self._shard, _SCAN, *about, repeatable=True)
            found = [one.message.id for one in (decoded(value.decode()) for value in values) if concerns(one)]
            await self._each(found, now, concerns, self._rows.erase)
            if cursor == b"0":
                return

    async def hand_over(self, page: tuple[str, str], customers: tuple[str, str], limit: int) -> int:
        """Give the first customer's messages of a page to the second, so many at most; how many."""
        former, owner = customers
        more, found = b"-inf", list[OutgoingRecord]()
        while more and len(found) < limit:
            about = (list_of_customer(former), more, "+inf", "asc", limit - len(found), _LOOKED_AT)
            more, *values = await self._shards.run(
                self._shard, _LIST, *about, former, *page, "", repeatable=True
            )
            found += [decoded(value.decode()) for value in values]
        await self._each(
            [one.message.id for one in found],
            max((one.message.created_at for one in found), default=0),
            lambda row: row.message.customer_id == former,
            lambda row, _: self._rows.hand_over(row, owner),
        )
        return len(found)

    async def _earliest(self, index: str, limit: int) -> list[tuple[str, int]]:
        flat = await self._shards.run(self._shard, _EARLIEST, index, limit, repeatable=True)
        return [(member.decode(), int(score)) for member, score in zip(flat[::2], flat[1::2], strict=True)]

    async def _each(
        self,
        identifiers: Sequence[str],
        now: int,
        fits: Callable[[OutgoingRecord], bool],
        change: Callable[[OutgoingRecord, int], Any],
    ) -> list[Any]:
        """Change those that are still as they were found; what came of them."""

        def decision(identifier: str) -> Decision:
            def make() -> Any:
                row = self._rows.of_id(identifier)
                return None if row is None or not fits(row) else change(row, now)

            return Decision(make, now, [outgoing_cell(identifier)])

        made = await asyncio.gather(*(self._deciding.decide(decision(one)) for one in identifiers))
        return [one for one in made if one is not None]

    async def _decide(self, make: Callable[[], Any], message: Message, at: int) -> Any:
        return await self._deciding.decide(Decision(make, at, _needs(message)))


def _is_due(row: OutgoingRecord, now: int, *stages: str) -> bool:
    due_at = row.progress.due_at
    return row.progress.stage in stages and due_at is not None and due_at <= now


def _needs(message: Message) -> list[Cell]:
    """What moving a message reads, as far as the message alone tells."""
    page = _pages.page(message.platform, message.page_id)
    cells = [
        outgoing_cell(message.id),
        line_cell(page, message.line),
        range_cell(behind_in(page, message.line), "-inf", "+inf", 1),
    ]
    if message.identity is not None:
        cells.append(identity_cell(message.platform, message.identity))
    if message.conversation_id is not None:
        cells.append(conversation_cell(message.conversation_id))
    return cells
