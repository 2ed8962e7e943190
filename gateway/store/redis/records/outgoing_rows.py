"""Outgoing messages in a shard: records that are read, written, and kept in the order of their lines."""

from msgspec.structs import replace

from adapters.base import Identity
from gateway.store.keys import message_key
from gateway.store.outgoing import Message, Progress
from gateway.store.outgoing_rows import Row
from gateway.store.progress import handed_over, holds_until, queued
from gateway.store.redis.layout.keys import Keys
from gateway.store.redis.records.consents import mark
from gateway.store.redis.records.contacts import Contacts
from gateway.store.redis.records.conversations import conversation_cell, read_talk
from gateway.store.redis.records.lines import Line, Lines
from gateway.store.redis.records.memory import rank_cell
from gateway.store.redis.records.outgoing_record import (
    ORDER,
    PAGES,
    OutgoingRecord,
    decoded,
    outgoing_cell,
    page_name,
    unread_in,
)
from gateway.store.redis.records.view import ABSENT, Cell, View, range_cell
from gateway.store.standing import Conversation


class OutgoingRows:
    """For one decision at a time."""

    def __init__(self, view: View, keys: Keys, contacts: Contacts) -> None:
        self._view = view
        self._contacts = contacts
        self._keys = keys
        self._lines = Lines(view)

    def add(self, message: Message, page: int) -> bool:
        """A new message, at the end of its line. False: it is there already."""
        if self._view.presume_absent(outgoing_cell(message.id)) != ABSENT:
            return False
        line = self._lines.read(page, message.line)
        key, progress = self._free_key(message.created_at, line), self._first_progress(message, page)
        conversation_id = message.conversation_id or ""
        self._put(None, OutgoingRecord(key, page, message.line, message, progress, conversation_id))
        return True

    def of_id(self, message_id: str) -> OutgoingRecord | None:
        """By our own id."""
        value = self._view.get(outgoing_cell(message_id))
        return None if value == ABSENT else decoded(value)

    def of_platform_id(self, page: int, message_id: str) -> tuple[Row, int] | None:
        """By the platform's id: the message and which part of it."""
        value = self._view.get(part_cell(page, message_id))
        if value == ABSENT:
            return None
        identifier, part = value.split(" ")
        row = self.of_id(identifier)
        return None if row is None else (row, int(part))

    def owner_of(self, row: Row) -> str:
        """Whose a message is. What goes to another customer with its page has gone when the page did."""
        return row.message.customer_id

    def unread(self, conversation: Conversation, until: int) -> list[Row]:
        """What was begun in a conversation up to a moment, and is not read yet."""
        begun = range_cell(unread_in(conversation.id), "-inf", str(until), -1)
        found = map(self.of_id, self._view.get(begun).split())
        return [row for row in found if row is not None]

    def place(self, message_id: str, conversation: Conversation) -> None:
        """The conversation that a message turned out to be in."""
        record = self.of_id(message_id)
        if record is not None and record.conversation_id != conversation.id:
            self._put(record, replace(record, conversation_id=conversation.id))

    def save(self, row: Row, progress: Progress) -> None:
        """The row as it is now."""
        record = self.of_id(row.message.id)
        if record is not None:
            self._put(record, replace(record, progress=progress))

    def let_next(self, row: Row, now: int) -> None:
        """The next one of the line may go: now, or when what fails before it holds it no longer."""
        due_at = now
        for record in self._lines.front(row.page, row.line):
            holding_until, planned_at = holds_until(record.progress), record.progress.due_at or 0
            if holding_until is None:
                if record.progress.stage == "waiting" and planned_at > due_at:
                    self._release(record, due_at)
                return
            due_at = max(due_at, holding_until)
        first = self._lines.first_behind(row.page, row.line)
        if first is None:
            self._lines.close(row.page, row.line)
        else:
            self._release(first, due_at)

    def remove(self, record: OutgoingRecord) -> None:
        """Forget a message that has nothing left to do."""
        self._view.put(outgoing_cell(record.message.id), ABSENT)
        for part in record.progress.parts:
            if part.message_id is not None:
                self._view.put(part_cell(record.page, part.message_id), ABSENT)

    def erase(self, record: OutgoingRecord, now: int) -> None:
        """Forget a message wherever it is on its way; the next one of its line may go."""
        self._lines.follow(record, replace(record, progress=replace(record.progress, stage="done")))
        self.remove(record)
        if record.progress.stage != "done":
            self.let_next(record, now)

    def hand_over(self, record: OutgoingRecord, owner: str) -> None:
        """Another customer has the account, and what was sent from it."""
        message = replace(record.message, customer_id=owner)
        self._put(record, replace(record, message=message, progress=handed_over(message, record.progress)))

    def highest_rank(self, page: int, message_id: str, at: int) -> int:
        """How far a message is, as statuses have told; 0 where none has."""
        return int(self._view.get(rank_cell(message_key(page, message_id))) or 0)

    def watermarks(self, row: Row) -> list[tuple[int, int]]:
        """How far its conversation has come: each rank with the moment up to which all has it."""
        record = self.of_id(row.message.id)
        identifier = "" if record is None else record.conversation_id
        value = self._view.get(conversation_cell(identifier)) if identifier else ABSENT
        marks = {} if value == ABSENT else read_talk(identifier, value).watermarks
        return [(int(rank), mark) for rank, mark in marks.items()]

    def mark_unreachable(self, platform: str, identity: Identity, at: int) -> None:
        """The platform says that nobody is there."""
        key = self._contacts.owner_key(platform, identity)
        if key is not None:
            row = self._contacts.row(key)
            mark(self._view, row, identity, "unreachable", at)
            self._contacts.put(key, row)

    def _free_key(self, at: int, line: Line) -> int:
        """Greater than all of the line, and nobody else's: other processes give keys of the same moment."""
        key = max(self._keys.next(at), line.last + 1)
        while self._view.presume_absent(range_cell(ORDER, str(key), str(key), 1)) != ABSENT:
            key = max(self._keys.next(at), key + 1)
        return key

    def _first_progress(self, message: Message, page: int) -> Progress:
        holding = [holds_until(one.progress) for one in self._lines.front(page, message.line)]
        if None in holding:
            return replace(queued(message), stage="behind", due_at=None)
        held_until = max((until for until in holding if until is not None), default=0)
        return replace(queued(message), due_at=max(message.created_at, held_until))

    def _release(self, record: OutgoingRecord, due_at: int) -> None:
        self._put(record, replace(record, progress=replace(record.progress, stage="waiting", due_at=due_at)))

    def _put(self, before: OutgoingRecord | None, after: OutgoingRecord) -> None:
        self._view.put(outgoing_cell(after.message.id), after.encoded())
        self._lines.follow(before, after)
        if after.progress.stage == "waiting":
            self._view.index(PAGES, page_name(after.message.platform, after.message.page_id), 0)
        self._remember_ids(before, after)

    def _remember_ids(self, before: OutgoingRecord | None, after: OutgoingRecord) -> None:
        known = {part.message_id for part in before.progress.parts} if before is not None else set()
        for number, part in enumerate(after.progress.parts):
            if part.message_id is not None and part.message_id not in known:
                cell = part_cell(after.page, part.message_id)
                if self._view.presume_absent(cell) == ABSENT:
                    self._view.put(cell, f"{after.message.id} {number}")


def part_cell(page: int, message_id: str) -> Cell:
    """Where it stands which of our messages has the platform's id."""
    return "outgoing_parts", f"{message_key(page, message_id) & (2**64 - 1):016x}"
