"""Conversations in the file: one per page and person, or per page and group."""

import sqlite3

from adapters.base import Decoded
from gateway.store.draft import free_id
from gateway.store.recent import Recent
from gateway.store.sqlite.layout.bulk import Inserts
from gateway.store.sqlite.layout.keys import erased_digest
from gateway.store.standing import Conversation

_REMEMBERED = 20_000
_PLACE = "conversation, event, sequence, last_inbound_at, message"
_OF_CONTACT = "SELECT key, id, started FROM conversations WHERE contact = ? AND page = ?"
_OF_GROUP = "SELECT key, id, started FROM conversations WHERE thread = ? AND page = ?"
_STATE = "SELECT sequence, last_inbound_at FROM places WHERE conversation = ? ORDER BY event DESC LIMIT 1"
_TAKEN = """
    SELECT 1 FROM conversations WHERE id = ?1 UNION ALL SELECT 1 FROM erased_conversations WHERE digest = ?2
"""
# Never the key of one whose person is being erased: its places are still there.
_CREATE = """
    INSERT INTO conversations (key, id, page, contact, thread) VALUES (
        1 + max(
            coalesce((SELECT max(key) FROM conversations), 0),
            coalesce((SELECT max(conversation) FROM places), 0)
        ), ?, ?, ?, ?
    )
"""
_START = "UPDATE conversations SET started = 1 WHERE key = ?"
_PAGES = "SELECT page, key, started FROM conversations WHERE contact = ?"
_MOVE = "UPDATE conversations SET contact = ? WHERE key = ?"
_CONTINUE = "UPDATE conversations SET continued_by = ?1 WHERE key = ?2 OR continued_by = ?2"
_KNOWS = "SELECT 1 FROM places WHERE conversation = ? AND message = ? ORDER BY event DESC LIMIT 1"
_ENDED_KNOWS = """
    SELECT 1 FROM conversations CROSS JOIN places ON places.conversation = conversations.key
    WHERE conversations.continued_by = ? AND places.message = ? LIMIT 1
"""


class Conversations:
    """Finds, makes, joins. Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute
        self._places = Inserts(connection, "places", _PLACE)
        self._recent: Recent[tuple[int, int | str], Conversation] = Recent(_REMEMBERED)

    def flush(self) -> None:
        """Write what was held back."""
        self._places.flush()

    def forget(self) -> None:
        """Drop what was held back, read everything anew."""
        self._places.drop()
        self._recent.clear()

    def of(self, decoded: Decoded, page: int, partner: int | str) -> Conversation:
        """The conversation of an element with a contact (its key) or with a group (its id)."""
        conversation = self._recent.get((page, partner))
        if conversation is None:
            conversation = self._find(page, partner) or self._create(decoded, page, partner)
            self._recent.put((page, partner), conversation)
        return conversation

    def advanced(self, conversation: Conversation, event: int, message: int | None) -> None:
        """An event took its place; `message` is what it made known."""
        state = (conversation.sequence, conversation.last_inbound_at, message)
        self._places.add((conversation.key, event, *state))

    def knows(self, conversation: Conversation, message: int) -> bool:
        """Whether a message was seen in the conversation, or in one that goes on as this one."""
        self._places.flush()
        which = (conversation.key, message)
        return any(self._execute(query, which).fetchone() for query in (_KNOWS, _ENDED_KNOWS))

    def start(self, conversation: Conversation) -> None:
        """Its first message is here."""
        conversation.started = True
        self._execute(_START, (conversation.key,))

    def id_of(self, page: int, contact: int) -> str | None:
        """The id of a contact's conversation with a page."""
        row = self._execute(_OF_CONTACT, (contact, page)).fetchone()
        return None if row is None else str(row[1])

    def join(self, page: int, contact: int, joined: int) -> str | None:
        """Two contacts are one: on every page the older conversation goes on, the other is history.

        Returns the id of the one that ended on this page.
        """
        before = {self.id_of(page, contact), self.id_of(page, joined)}
        kept = {one: (key, started) for one, key, started in self._execute(_PAGES, (contact,))}
        for one, key, started in self._execute(_PAGES, (joined,)).fetchall():
            present, present_started = kept.get(one, (key, started))
            if key <= present:
                self._exchange(contact, key, joined, present)
            if key != present:
                self._execute(_CONTINUE, (min(key, present), max(key, present)))
            if started or present_started:
                self._execute(_START, (min(key, present),))
        self._recent.clear()
        return next(iter(before - {self.id_of(page, contact), None}), None)

    def _exchange(self, contact: int, key: int, joined: int, present: int) -> None:
        """`key` becomes the contact's, and `present` the joined one's; never two of one page at once."""
        self._execute(_MOVE, (None, key))
        if present != key:
            self._execute(_MOVE, (joined, present))
        self._execute(_MOVE, (contact, key))

    def _find(self, page: int, partner: int | str) -> Conversation | None:
        query = _OF_GROUP if isinstance(partner, str) else _OF_CONTACT
        row = self._execute(query, (partner, page)).fetchone()
        if row is None:
            return None
        key, identifier, started = row
        self._places.flush()
        sequence, last_inbound_at = self._execute(_STATE, (key,)).fetchone() or (0, None)
        return Conversation(key, identifier, bool(started), sequence, last_inbound_at)

    def _create(self, decoded: Decoded, page: int, partner: int | str) -> Conversation:
        identifier = free_id(decoded, self._is_taken)
        contact, thread = (None, partner) if isinstance(partner, str) else (partner, None)
        key = self._execute(_CREATE, (identifier, page, contact, thread)).lastrowid
        return Conversation(int(key or 0), identifier, False, 0, None)

    def _is_taken(self, identifier: str) -> bool:
        return self._execute(_TAKEN, (identifier, erased_digest(identifier))).fetchone() is not None
