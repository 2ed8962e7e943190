"""Rows of outgoing messages: read, written, and kept in the order of their lines."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from typing import Any

import msgspec
from msgspec import Struct

from gateway.store.keys import message_key
from gateway.store.outgoing import Message, Progress, Stage
from gateway.store.progress import holds_until, queued
from gateway.store.sqlite.keys import TimeKeys

SKEW_MS = 5_000
"""How far apart the clocks of the platform and of the gateway may be."""
WAITING, BEHIND, LEASED, BEGUN, UNSETTLED, DONE = range(6)
STAGES: dict[Stage, int] = {
    "waiting": WAITING,
    "behind": BEHIND,
    "leased": LEASED,
    "begun": BEGUN,
    "unsettled": UNSETTLED,
    "done": DONE,
}
COLUMNS = "key, page, line, conversation, record, progress"
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
_SENDERS = "SELECT DISTINCT page FROM outgoing"


class Row(Struct, frozen=True):
    """A message as it is stored."""

    key: int
    page: int
    line: str
    conversation: int | None
    message: Message
    progress: Progress


class OutboxRows:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute
        self._keys = TimeKeys(connection, "outgoing")
        self._senders: set[int] | None = None

    def forget(self) -> None:
        """Read everything anew."""
        self._senders = None

    def sends(self, page: int) -> bool:
        """Whether anything was ever sent from a page: all others' statuses are not looked up."""
        if self._senders is None:
            self._senders = {page for (page,) in self._execute(_SENDERS)}
        return page in self._senders

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
        found = self._execute(_BY_PART, (message_key(page, message_id),)).fetchone()
        row = None if found is None else self._one(_BY_KEY, found[0])
        return None if row is None else (row, found[1])

    def unread(self, conversation: int, watermark_ms: int) -> list[Row]:
        """What may have been taken up to the platform's moment in a conversation, and is not read yet."""
        until = watermark_ms + SKEW_MS
        return [row_of(one) for one in self._execute(_UNREAD, (conversation, until)).fetchall()]

    def place(self, message_id: str, conversation: int) -> None:
        """The conversation that a message turned out to be in."""
        self._execute(_PLACE, (conversation, message_id))

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
    key, page, line, conversation, record, progress = columns
    return Row(
        key,
        page,
        line,
        conversation,
        msgspec.json.decode(record, type=Message),
        msgspec.json.decode(progress, type=Progress),
    )
