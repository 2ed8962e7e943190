"""An outgoing message as a record of its shard, and the sorted sets that it is in."""

import msgspec

from gateway.store.outgoing import Message, Progress
from gateway.store.outgoing_rows import Row
from gateway.store.redis.records.view import Cell

ORDER = "outgoing_order"
LEASED, UNSETTLED, DONE = "outgoing_leased", "outgoing_unsettled", "outgoing_done"
PAGES = "outgoing_pages"
_Fields = tuple[int, int, str, str, Message, Progress]
_decoder = msgspec.json.Decoder(_Fields)
_HEADER = 4


class OutgoingRecord(Row, frozen=True):
    """A message, and the id of its conversation ("": none yet)."""

    conversation_id: str

    def encoded(self) -> str:
        """What scripts look at comes first, each in a line: customer, page, state."""
        message, fields = self.message, (self.key, self.page, self.line, self.conversation_id)
        header = (message.customer_id, message.platform, message.page_id, self.progress.state)
        body = msgspec.json.encode((*fields, message, self.progress)).decode()
        return "\n".join((*header, body))

    def lists(self) -> dict[str, int]:
        """Each sorted set that it is in, and its score there."""
        message, state, begun_at = self.message, self.progress.state, self.progress.begun_at
        found = {ORDER: self.key, list_of_customer(message.customer_id): self.key}
        if self.conversation_id:
            found[list_of_conversation(self.conversation_id)] = self.key
        if self.conversation_id and begun_at is not None and state in ("sent", "delivered"):
            found[unread_in(self.conversation_id)] = begun_at
        name, score = self._queue()
        return {**found, name: score}

    def _queue(self) -> tuple[str, int]:
        due_at = self.progress.due_at or 0
        match self.progress.stage:
            case "waiting":
                return due_on(self.message.platform, self.message.page_id), due_at
            case "behind":
                return behind_in(self.page, self.line), self.key
            case "leased" | "begun":
                return LEASED, due_at
            case "unsettled":
                return UNSETTLED, due_at
            case "done":
                return DONE, self.key


def decoded(value: str) -> OutgoingRecord:
    """From what `encoded` made."""
    key, page, line, conversation_id, message, progress = _decoder.decode(value.split("\n", _HEADER)[-1])
    return OutgoingRecord(key, page, line, message, progress, conversation_id)


def places(name: str, value: str) -> dict[Cell, int]:
    """The sorted sets that follow from the record of the message with this id."""
    return {(one, name): score for one, score in decoded(value).lists().items()}


def outgoing_cell(message_id: str) -> Cell:
    """Where a message's record is."""
    return "outgoing", message_id


def list_of_customer(customer_id: str) -> str:
    """The messages of a customer, by key."""
    return f"outgoing_customer:{customer_id}"


def list_of_conversation(conversation_id: str) -> str:
    """The messages in a conversation, by key."""
    return f"outgoing_conversation:{conversation_id}"


def unread_in(conversation_id: str) -> str:
    """Those of them that are sent or delivered and not read, by when they were begun."""
    return f"outgoing_unread:{conversation_id}"


def page_name(platform: str, page_id: str) -> str:
    """A page in names of sorted sets."""
    return f"{platform} {page_id}"


def due_on(platform: str, page_id: str) -> str:
    """What waits to be sent from a page, by when it is due."""
    return f"outgoing_due:{page_name(platform, page_id)}"


def behind_in(page: int, line: str) -> str:
    """What waits behind others of its line, by key."""
    return f"outgoing_behind:{page}\n{line}"
