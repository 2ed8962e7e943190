"""The `Outbox` contract on the store's file: changes through its writer, reads beside it."""

from collections.abc import Callable, Mapping, Sequence

from adapters.outgoing import Recipient
from adapters.sending import SendError
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
from gateway.store.sqlite.contacts.conversations import list_conversations, read_conversation
from gateway.store.sqlite.contract.changes import Changes
from gateway.store.sqlite.contract.parts import Apart
from gateway.store.sqlite.file.readers import Readers
from gateway.store.sqlite.outbox.reads import list_messages, read_addressee, read_message
from gateway.store.sqlite.outbox.uploads import read_uploader


class SqliteOutbox:
    """Part of an open `SqliteStore`."""

    def __init__(self, apart: Apart, check: Callable[[], None], readers: Readers, changes: Changes) -> None:
        """`check` raises IntakeStopped where there is no room for anything new."""
        self._apart = apart
        self._check = check
        self._readers = readers
        self._queue = changes.outbox
        self._uploads = changes.uploads

    async def addressee(self, platform: str, page_id: str, to: Recipient) -> Addressee:
        return await self._readers.run(read_addressee, platform, page_id, to)

    async def add(self, message: Message) -> bool:
        self._check()
        return bool(await self._apart(self._queue.add, message))

    async def refuse(
        self, message: Message, error: SendError, routes: Mapping[str, tuple[Route, ...]]
    ) -> tuple[str, ...]:
        return tuple(await self._apart(self._queue.refuse, message, error, routes))

    async def backlog(self) -> list[Queued]:
        return list(await self._apart(self._queue.backlog))

    async def claim(
        self, platform: str, page_id: str, now: int, limit: int
    ) -> tuple[list[SendJob], int | None]:
        jobs, next_due = await self._apart(self._queue.claim, platform, page_id, now, limit)
        return jobs, next_due

    async def begin(self, job: SendJob, part: int, now: int) -> bool:
        return bool(await self._apart(self._queue.begin, job, part, now))

    async def finish(self, outcomes: Sequence[SendOutcome]) -> list[SendSettlement]:
        return list(await self._apart(self._queue.finish, outcomes))

    async def expire(self, now: int) -> None:
        await self._apart(self._queue.expire, now)

    async def unsettled(self, now: int, limit: int) -> list[SendJob]:
        return list(await self._apart(self._queue.unsettled, now, limit))

    async def keep_upload(self, platform: str, page_id: str, media_id: str, now: int) -> None:
        await self._apart(self._uploads.keep, platform, page_id, media_id, now)

    async def uploader(self, platform: str, media_id: str, now: int) -> str | None:
        return await self._readers.run(read_uploader, platform, media_id, now)

    async def message(self, customer_id: str | None, message_id: str) -> StoredMessage | None:
        return await self._readers.run(read_message, customer_id, message_id)

    async def messages(
        self, customer_id: str | None, which: MessageFilter, page: PageRequest
    ) -> Page[StoredMessage]:
        return await self._readers.run(list_messages, customer_id, which, page)

    async def conversation(self, customer_id: str | None, conversation_id: str) -> StoredConversation | None:
        return await self._readers.run(read_conversation, customer_id, conversation_id)

    async def conversations(
        self, customer_id: str | None, which: ConversationFilter, page: PageRequest
    ) -> Page[StoredConversation]:
        return await self._readers.run(list_conversations, customer_id, which, page)
