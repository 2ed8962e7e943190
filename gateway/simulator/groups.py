"""Groups on WhatsApp that a business has made: everybody in one sees what is written there."""

from msgspec import Struct, field

from gateway.simulator.threads import Message


class Group(Struct, kw_only=True):
    """One group."""

    id: str
    number: str
    """The phone_number_id that made it."""
    subject: str
    people: list[str]
    """Who is in it, by their keys."""
    suspended: bool = False
    """Meta has closed it."""
    messages: list[Message] = field(default_factory=list)
    """What the business has written."""
