"""The `Outbox` contract on Redis: a message lies in the shard of its page, where its echoes arrive."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from adapters.outgoing import Recipient
from adapters.sending import SendError
from gateway.store.intake import Intake
from gateway.store.outgoing import (
    Addressee,
    ConversationFilter,
    Message,
    MessageFilter,
    Queued,
    SendJob,
    SendOutcome,
    SendSettlement,
    StoredConversation,
    StoredMessage,
)
from gateway.store.records import Page, PageRequest, Route
from gateway.store.redis.central.owners import Owners
from gateway.store.redis.contacts.conversations import ConversationReads
from gateway.store.redis.intake.admission import RedisAdmissions
from gateway.store.redis.layout.shards import Shards, scope_of_message
from gateway.store.redis.outbox.addressees import Addressees
from gateway.store.redis.outbox.reads import OutgoingReads
from gateway.store.redis.outbox.sending import ShardSending
from gateway.store.redis.outbox.uploads import Uploads
from gateway.store.redis.records.outgoing_record import OutgoingRecord


class RedisOutbox:
    """Part of an open `RedisStore`."""

    def __init__(self, shards: Shards, admissions: RedisAdmissions, owners: Owners, intake: Intake) -> None:
        self._shards = shards
        self._intake = intake
        self._each = [ShardSending(shards, shard, one) for shard, one in enumerate(admissions.each)]
        self._reads = OutgoingReads(shards)
        self._conversations = ConversationReads(shards, owners)
        self._addressees = Addressees(shards)
        self._uploads = Uploads(shards)

    async def addressee(self, platform: str, page_id: str, to: Recipient) -> Addressee:
        return await self._addressees.find(platform, page_id, to)

    async def add(self, message: Message) -> bool:
        with self._intake:
            return await self._of(message).add(message)

    async def refuse(
        self, message: Message, error: SendError, routes: Mapping[str, tuple[Route, ...]]
    ) -> tuple[str, ...]:
        return await self._of(message).refuse(message, error, routes)

    async def backlog(self) -> list[Queued]:
        found = await asyncio.gather(*(one.backlog() for one in self._each))
        first: dict[tuple[str, str], Queued] = {}
        for one in sorted(chain.from_iterable(found), key=lambda one: one.due_at, reverse=True):
            first[one.platform, one.page_id] = one
        return list(first.values())

    async def claim(
        self, platform: str, page_id: str, now: int, limit: int
    ) -> tuple[list[SendJob], int | None]:
        jobs: list[SendJob] = []
        dues: list[int] = []
        for shard in self._shards_of(platform, page_id):
            found, due_at = await self._each[shard].claim(platform, page_id, now, limit - len(jobs))
            jobs += found
            dues += [] if due_at is None else [due_at]
        return jobs, min(dues, default=None)

    async def begin(self, job: SendJob, part: int, now: int) -> bool:
        return await self._of(job.message).begin(job, part, now)

    async def finish(self, outcomes: Sequence[SendOutcome]) -> list[SendSettlement]:
        return list(await asyncio.gather(*(self._of(one.job.message).finish(one) for one in outcomes)))

    async def expire(self, now: int) -> None:
        await asyncio.gather(*(one.expire(now) for one in self._each))

    async def unsettled(self, now: int, limit: int) -> list[SendJob]:
        jobs: list[SendJob] = []
        for one in self._each:
            jobs += await one.unsettled(now, limit - len(jobs)) if len(jobs) < limit else []
        return jobs

    async def keep_upload(self, platform: str, page_id: str, media_id: str, now: int) -> None:
        await self._uploads.keep(platform, page_id, media_id, now)

    async def uploader(self, platform: str, media_id: str, now: int) -> str | None:
        return await self._uploads.page_of(platform, media_id, now)

    async def message(self, customer_id: str | None, message_id: str) -> StoredMessage | None:
        return await self._reads.message(customer_id, message_id)

    async def messages(
        self, customer_id: str | None, which: MessageFilter, page: PageRequest
    ) -> Page[StoredMessage]:
        return await self._reads.messages(customer_id, which, page)

    async def conversation(self, customer_id: str | None, conversation_id: str) -> StoredConversation | None:
        return await self._conversations.conversation(customer_id, conversation_id)

    async def conversations(
        self, customer_id: str | None, which: ConversationFilter, page: PageRequest
    ) -> Page[StoredConversation]:
        return await self._conversations.conversations(customer_id, which, page)

    async def prune(self, expired: int, now: int, limit: int) -> int:
        """Forget what went out before the key `expired`; how many messages."""
        deleted = 0
        for one in self._each:
            deleted += await one.prune(expired, now, limit - deleted) if deleted < limit else 0
        return deleted

    async def erase(self, platform: str, concerns: Callable[[OutgoingRecord], bool], now: int) -> None:
        """Forget messages of a platform that concern somebody, whatever their state. Safe to repeat."""
        await asyncio.gather(*(one.erase(platform, concerns, now) for one in self._each))

    async def hand_over(
        self, shard: int, page: tuple[str, str], customers: tuple[str, str], limit: int
    ) -> int:
        """Give the first customer's messages of a page to the second, so many at most; how many."""
        return await self._each[shard].hand_over(page, customers, limit)

    def _of(self, message: Message) -> ShardSending:
        return self._each[self._shards.of(message.platform, scope_of_message(message))]

    def _shards_of(self, platform: str, page_id: str) -> Sequence[int]:
        """Where messages of a page lie. A number's account is known to its messages only."""
        return self._shards.numbers if platform == "whatsapp" else (self._shards.of(platform, page_id),)
