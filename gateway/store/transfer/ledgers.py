"""What went out, what was used and who was erased, as records for another store. See also `Usage`."""

from gateway.store.erasure import Erasure, ErasurePlan
from gateway.store.outgoing import Message, Progress
from gateway.store.record import Record


class MessageRecord(Record, frozen=True, kw_only=True):
    """A message on its way out, or gone. Leases end with the store that gave them."""

    at: int
    """The moment that its key stands for: messages come in the order of their keys."""
    message: Message
    progress: Progress
    conversation_id: str | None


class CountedRecord(Record, frozen=True, kw_only=True):
    """A conversation that a month has counted already."""

    month: str
    name: str
    """What it is remembered as."""


class ErasedRecord(Record, frozen=True, kw_only=True):
    """The hash of a conversation's id that is not given again, in hexadecimal."""

    digest: str


class ErasureRecord(Record, frozen=True, kw_only=True):
    """An erasure that is over, or waits until somebody is known under the id in its plan."""

    erasure: Erasure
    plan: ErasurePlan | None
    """Only while it waits."""
