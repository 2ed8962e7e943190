"""Rows of outgoing messages: read, written, and kept in the order of their lines."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections.abc import Callable
from typing import Any

import msgspec

from adapters.base import Identity
from gateway.store.keys import message_key
from gateway.store.outgoing import Message, Progress, Stage
from gateway.store.outgoing_rows import Row
from gateway.store.progress import holds_until, queued
from gateway.store.sqlite.layout.keys import TimeKeys
from gateway.store.sqlite.records.consents import Consents
from gateway.store.sqlite.records.statuses import highest_rank
from gateway.store.standing import Conversation

WAITING, BEHIND, LEASED, BEGUN, UNSETTLED, DONE = range(6)
STAGES: dict[Stage, int] = {
    "waiting": WAITING,
    "behind": BEHIND,
    "leased": LEASED,
    "begun": BEGUN,
    "unsettled": UNSETTLED,
    "done": DONE,
}
COLUMNS = "key, page, line, record, progress"
_ADD = """
    INSERT INTO outgoing
        (key, id, customer_id, page, line, conversation, stage, due_at, state, record, progress)
    VALUES (?, ?, ?, ?, ?, (SELECT key FROM conversations WHERE id = ?), ?, ?, 'queued', ?, ?)
    ON CONFLICT (id) DO NOTHING
"""
_SAVE = """
    UPDATE outgoing SET stage = ?, due_at = ?, holds_until = ?, state = ?, begun_at = ?, progress = ?
    WHERE key = ?
"""
_HOLDING = f"""
    SELECT max(holds_until), sum(holds_until IS NULL) FROM outgoing
    WHERE page = ? AND line = ? AND stage < {DONE}
"""
# Never reads a whole line: thousands may wait in it, but few can fail before the next one goes.
_LINE = f"""
    SELECT key, stage, due_at, holds_until FROM outgoing
    WHERE page = ? AND line = ? AND stage < {DONE} ORDER BY key LIMIT 100
"""
_BY_ID = f"SELECT {COLUMNS} FROM outgoing WHERE id = ?"
_BY_KEY = f"SELECT {COLUMNS} FROM outgoing WHERE key = ?"
_BY_PART = "SELECT outgoing, part FROM outgoing_parts WHERE message = ?"
_ADD_PART = "INSERT OR IGNORE INTO outgoing_parts (message, outgoing, part) VALUES (?, ?, ?)"
_UNREAD = f"""
    SELECT {COLUMNS} FROM outgoing
    WHERE conversation = ? AND state IN ('sent', 'delivered') AND begun_at <= ?
"""
_PLACE = "UPDATE outgoing SET conversation = ? WHERE id = ? AND conversation IS NOT ?1"
_FOLLOWING = "SELECT owner FROM moves WHERE page = ? AND former = ? ORDER BY key DESC LIMIT 1"
_SENDERS = "SELECT DISTINCT page FROM outgoing"
_WATERMARKS = """
    SELECT w.rank, w.watermark_ms FROM outgoing o JOIN watermarks w ON w.conversation = o.conversation
    WHERE o.key = ?
"""


class OutboxRows:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, forget_people: Callable[[], None]) -> None:
        self._execute = connection.cursor().execute
        self._keys = TimeKeys(connection, "outgoing")
        self._senders: set[int] | None = None
        self._consents = Consents(connection)
        self._forget_people = forget_people

    def forget(self) -> None:
        """Read everything anew."""
        self._senders = None

    def add(self, message: Message, page: int) -> bool:
        """A new message, at the end of its line. False: it is there already."""
        progress = queued(message)
        key = self._keys.next(message.created_at)
        held, holding = self._execute(_HOLDING, (page, message.line)).fetchone()
        due_at = max(message.created_at, held or 0)
        if holding:
            progress = msgspec.structs.replace(progress, stage="behind", due_at=None)
        else:
            progress = msgspec.structs.replace(progress, due_at=due_at)
        whose = (key, message.id, message.customer_id, page, message.line, message.conversation_id)
        state = (STAGES[progress.stage], progress.due_at)
        record = (msgspec.json.encode(message), msgspec.json.encode(progress))
        added = self._execute(_ADD, (*whose, *state, *record)).rowcount > 0
        if self._senders is not None:
            self._senders.add(page)
        return added

    def of_id(self, message_id: str) -> Row | None:
        """By our own id."""
        return self._one(_BY_ID, message_id)

    def of_platform_id(self, page: int, message_id: str) -> tuple[Row, int] | None:
        """By the platform's id: the message and which part of it."""
        if not self._sends(page):
            return None
        found = self._execute(_BY_PART, (message_key(page, message_id),)).fetchone()
        row = None if found is None else self._one(_BY_KEY, found[0])
        return None if row is None else (row, found[1])

    def owner_of(self, row: Row) -> str:
        """Whose a message is: another customer's, if its page's history is on its way to that one."""
        found = self._execute(_FOLLOWING, (row.page, row.message.customer_id)).fetchone()
        return row.message.customer_id if found is None else str(found[0])

    def unread(self, conversation: Conversation, until: int) -> list[Row]:
        """What was begun in a conversation up to a moment, and is not read yet."""
        return [row_of(one) for one in self._execute(_UNREAD, (conversation.key, until)).fetchall()]

    def place(self, message_id: str, conversation: Conversation) -> None:
        """The conversation that a message turned out to be in."""
        self._execute(_PLACE, (conversation.key, message_id))

    def save(self, row: Row, progress: Progress) -> None:
        """The row as it is now."""
        values = (
            STAGES[progress.stage],
            progress.due_at,
            holds_until(progress),
            progress.state,
            progress.begun_at,
            msgspec.json.encode(progress),
        )
        self._execute(_SAVE, (*values, row.key))
        self._remember_ids(row, progress)

    def let_next(self, row: Row, now: int) -> None:
        """The next one of the line may go: now, or when what fails before it holds it no longer."""
        due_at = now
        for key, stage, planned_at, holding_until in self._execute(_LINE, (row.page, row.line)).fetchall():
            if stage == BEHIND or (stage == WAITING and holding_until is None and planned_at > due_at):
                return self._release(key, due_at)
            if holding_until is None:
                return None
            due_at = max(due_at, holding_until)
        return None

    def highest_rank(self, page: int, message_id: str, at: int) -> int:
        """How far a message is, as statuses have told; 0 where none has."""
        return highest_rank(self._execute, page, message_id, at)

    def watermarks(self, row: Row) -> list[tuple[int, int]]:
        """How far its conversation has come: each rank with the moment up to which all has it."""
        return self._execute(_WATERMARKS, (row.key,)).fetchall()

    def mark_unreachable(self, platform: str, identity: Identity, at: int) -> None:
        """The platform says that nobody is there."""
        self._consents.mark(platform, identity, "unreachable", at)
        self._forget_people()

    def _sends(self, page: int) -> bool:
        """Whether anything was ever sent from a page: all others' statuses are not looked up."""
        if self._senders is None:
            self._senders = {page for (page,) in self._execute(_SENDERS)}
        return page in self._senders

    def _release(self, key: int, due_at: int) -> None:
        row = self._one(_BY_KEY, key)
        if row is not None:
            self.save(row, msgspec.structs.replace(row.progress, stage="waiting", due_at=due_at))

    def _remember_ids(self, row: Row, progress: Progress) -> None:
        for number, part in enumerate(progress.parts):
            if part.message_id is not None and part != row.progress.parts[number]:
                self._execute(_ADD_PART, (message_key(row.page, part.message_id), row.key, number))

    def _one(self, query: str, key: Any) -> Row | None:
        found = self._execute(query, (key,)).fetchone()
        return None if found is None else row_of(found)


def row_of(columns: Any) -> Row:
    """A row of `COLUMNS`."""
    key, page, line, record, progress = columns
    return Row(
        key,
        page,
        line,
        msgspec.json.decode(record, type=Message),
        msgspec.json.decode(progress, type=Progress),
    )
