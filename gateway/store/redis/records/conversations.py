"""Conversations in a shard: one record each, which says how the conversation stands."""

import hashlib

import msgspec
from msgspec import Struct, field

from adapters.base import Decoded
from gateway.store.draft import free_id
from gateway.store.redis.layout.keys import Keys
from gateway.store.redis.records.contact_row import page_cell
from gateway.store.redis.records.contacts import Contacts
from gateway.store.redis.records.view import ABSENT, Cell, View
from gateway.store.standing import Conversation

_Row = tuple[int, bool, int, int | None, list[str], dict[str, int]]
_encoder, _decoder = msgspec.json.Encoder(), msgspec.json.Decoder(_Row)


class Parties(Struct, array_like=True):
    """Between whom a conversation is, as it is written: it hardly ever changes."""

    key: int
    page: int
    partner: int | str
    """The key of a contact, or the id of a group."""
    goes_on: bool = True
    """False: another conversation goes on as this one."""

    def encoded(self) -> str:
        """As it is written."""
        return msgspec.json.encode(self).decode()


_parties = msgspec.json.Decoder(Parties)


class Talk(Conversation, gc=False):
    """A conversation with what only its record knows."""

    ended: list[str] = field(default_factory=list)
    """Ids of conversations that go on as this one."""
    watermarks: dict[str, int] = field(default_factory=dict)
    """Rank of a status → up to when everything has it."""


class Conversations:
    """Finds, makes, joins, for one decision at a time."""

    def __init__(self, view: View, keys: Keys, contacts: Contacts) -> None:
        self._view = view
        self._keys = keys
        self._contacts = contacts

    def of(self, decoded: Decoded, page: int, partner: int | str) -> Talk:
        """The conversation of an element with a contact (its key) or with a group (its id)."""
        identifier = self._of_group(page, partner) if isinstance(partner, str) else self.id_of(page, partner)
        return self._create(decoded, page, partner) if identifier is None else self.read(identifier)

    def id_of(self, page: int, contact: int) -> str | None:
        """The id of a contact's conversation with a page."""
        return self._contacts.row(contact).conversations.get(str(page))

    def put(self, conversation: Talk) -> None:
        """Change its record."""
        one = conversation
        row = (one.key, one.started, one.sequence, one.last_inbound_at, one.ended, one.watermarks)
        self._view.put(conversation_cell(one.id), _encoder.encode(row).decode())

    def advanced(self, conversation: Talk, message: int | None) -> None:
        """An event took its place; `message` is what it made known."""
        self.put(conversation)
        if message is not None:
            self._view.put(message_cell(conversation.id, message), "1")

    def make_known(self, identifier: str, message: int | None) -> None:
        """The message, if it is one, was seen in the conversation."""
        if message is not None:
            self._view.put(message_cell(identifier, message), "1")

    def knows(self, conversation: Conversation, message: int) -> bool:
        """Whether a message was seen in the conversation, or in one that goes on as this one."""
        ended = conversation.ended if isinstance(conversation, Talk) else []
        found = [self._view.get(message_cell(one, message)) for one in (conversation.id, *ended)]
        return any(found)

    def start(self, conversation: Conversation) -> None:
        """Its first message is here; the record follows with the event."""
        conversation.started = True

    def join(self, page: int, contact: int, joined: int) -> str | None:
        """Two contacts are one: on every page the older conversation goes on, the other is history.

        Returns the id of the one that ended on this page.
        """
        before = {self.id_of(page, contact), self.id_of(page, joined)}
        mine, other = self._contacts.row(contact), self._contacts.row(joined)
        for place, identifier in list(other.conversations.items()):
            if place in mine.conversations:
                first, second = self._by_age(mine.conversations[place], identifier)
                self._continue(first, second)
                mine.conversations[place], other.conversations[place] = first.id, second.id
                self._hand_over(second.id, joined, goes_on=False)
            else:
                mine.conversations[place] = other.conversations.pop(place)
            self._hand_over(mine.conversations[place], contact)
        self._contacts.put(contact, mine)
        self._contacts.put(joined, other)
        self._contacts.retire(contact, joined)
        return next(iter(before - {mine.conversations.get(str(page)), None}), None)

    def erase(self, identifier: str) -> list[str]:
        """Delete a conversation and those that go on as it; their ids, which are never given again."""
        gone = [identifier, *self.read(identifier).ended]
        for one in gone:
            if self._view.get(parties_cell(one)) != ABSENT:
                self._view.put(parties_cell(one), ABSENT)
            self._view.put(conversation_cell(one), ABSENT)
            self._view.put(erased_cell(one), "1")
        return gone

    def _by_age(self, *identifiers: str) -> list[Talk]:
        return sorted(map(self.read, identifiers), key=lambda one: one.key)

    def _continue(self, older: Talk, ended: Talk) -> None:
        older.started = older.started or ended.started
        older.ended += [ended.id, *ended.ended]
        ended.ended = []
        self.put(older)
        self.put(ended)

    def _hand_over(self, identifier: str, contact: int, *, goes_on: bool = True) -> None:
        parties = read_parties(self._view.get(parties_cell(identifier)))
        parties.partner, parties.goes_on = contact, goes_on
        self._view.put(parties_cell(identifier), parties.encoded())

    def _of_group(self, page: int, thread: str) -> str | None:
        return self._view.get(group_cell(page, thread)) or None

    def read(self, identifier: str) -> Talk:
        """A conversation that there is."""
        return read_talk(identifier, self._view.get(conversation_cell(identifier)))

    def _create(self, decoded: Decoded, page: int, partner: int | str) -> Talk:
        identifier = free_id(decoded, self._is_taken)
        talk = Talk(self._keys.next(self._view.change.at), identifier, False, 0, None)
        self.put(talk)
        self._view.put(parties_cell(identifier), Parties(talk.key, page, partner).encoded())
        event = decoded.event
        self._view.put(page_cell(page), f"{event.platform}\n{event.page_id}")
        if isinstance(partner, str):
            self._view.put(group_cell(page, partner), identifier)
        else:
            row = self._contacts.row(partner)
            row.conversations[str(page)] = identifier
            self._contacts.put(partner, row)
        return talk

    def _is_taken(self, identifier: str) -> bool:
        if self._view.get(conversation_cell(identifier)) != ABSENT:
            return True
        return self._view.presume_absent(erased_cell(identifier)) != ABSENT


def read_talk(identifier: str, text: str) -> Talk:
    """The record of a conversation as it was written."""
    key, started, sequence, last_inbound_at, ended, watermarks = _decoder.decode(text)
    return Talk(key, identifier, started, sequence, last_inbound_at, ended, watermarks)


def read_parties(text: str | bytes) -> Parties:
    """The record as it was written."""
    return _parties.decode(text)


def listed(name: str, text: str) -> dict[Cell, int]:
    """The list of its page, for a conversation that goes on."""
    parties = read_parties(text)
    return {(list_of_page(parties.page), name): parties.key} if parties.goes_on else {}


def list_of_page(page: int | str) -> str:
    """The conversations of a page, by key."""
    return f"conversations_of:{page}"


def parties_cell(identifier: str) -> Cell:
    """Where it stands between whom a conversation is."""
    return "parties", identifier


def conversation_cell(identifier: str) -> Cell:
    """Where a conversation's record is."""
    return "conversations", identifier


def erased_cell(identifier: str) -> Cell:
    """Where it stands that a conversation was erased."""
    return "erased_conversations", hashlib.blake2b(identifier.encode(), digest_size=16).hexdigest()


def group_cell(page: int, thread: str) -> Cell:
    """Where it stands which conversation a group has."""
    return "groups", f"{page}\n{thread}"


def message_cell(identifier: str, message: int) -> Cell:
    """Where it stands that a message of a conversation is known."""
    digest = hashlib.blake2b(f"{identifier}:{message}".encode(), digest_size=8)
    return "known", digest.hexdigest()
