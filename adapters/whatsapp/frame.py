"""What surrounds an item, and what it says of who and when."""

from typing import Any

from msgspec import Struct

from adapters.base import Person
from adapters.event import Direction, Origin
from adapters.whatsapp import wire
from adapters.whatsapp.person import Address, Contact, Contacts, Party, person


class Source(Struct, frozen=True):
    """The entry that a change stands in."""

    sha256: str
    """Of the whole received body."""
    id: str | None
    time: Any = None
    head: bytes = b""
    """The envelope up to where a change begins."""
    inside: bytes = b""
    """The envelope up to where the members of a change begin."""
    tail: bytes = b""
    """What closes the envelope after a change."""
    field: str | None = None
    """A `field` that stands beside the changes instead of inside; so in some of Meta's samples."""

    @property
    def test(self) -> bool:
        """Sent by a button in Meta's dashboard, on behalf of no account."""
        return self.id == "0"

    @property
    def waba_id(self) -> str | None:
        """The account; None where it is none."""
        return None if self.id == "0" else self.id


class Frame(Struct, frozen=True, kw_only=True):
    """What surrounds the items of one change: whose they are, and the bytes around any one of them."""

    source: Source
    field: str
    page_id: str
    page: Address | None
    """The business's number, where the value names one."""
    waba_id: str | None
    head: bytes = b""
    """The envelope up to where the value's arrays begin."""
    tail: bytes = b""
    """What closes the envelope after an array."""
    contacts: Contacts = Contacts()
    errors: tuple[wire.Error, ...] = ()
    """Errors beside a sole item; they belong to it."""
    agent: Any = None
    """What the agent that had the thread says of it (`conversation_context`)."""
    standby: bool = False
    """Another app holds the thread."""

    @property
    def scope(self) -> str:
        """Where the ids of persons are valid."""
        return self.source.id or self.page_id


ALONE = Frame(source=Source("", None), field="", page_id="", page=None, waba_id=None)
"""For an item beside which there is nothing."""


class Header(Struct, frozen=True, kw_only=True):
    """Who, when, and Meta's own ids: what an item says whatever it is about."""

    ids: tuple[str, ...] = ()
    """Empty: the item's content tells it apart."""
    time: Any = None
    sender: Address | None = None
    receiver: Address | None = None
    direction: Direction | None = None
    origin: Origin | None = None
    person: Person | None = None
    contact: Contact | None = None
    thread: str | None = None
    """The group, in a group chat."""


def inbound(frame: Frame, who: Party, ids: tuple[str, ...], time: Any, group: str | None = None) -> Header:
    """From the person to the business's number, or to the group that both are in."""
    contact = frame.contacts.of(who)
    known = who.completed(contact.party) if contact else who
    return Header(
        ids=ids,
        time=time,
        sender=known.address(),
        receiver=Address(group, "group") if group else frame.page,
        direction="inbound",
        origin="contact",
        person=person(known, contact, frame.scope),
        contact=contact,
        thread=group,
    )


def outbound(frame: Frame, who: Party, ids: tuple[str, ...], time: Any, group: str | None = None) -> Header:
    """From the business's number to the person or the group."""
    contact = frame.contacts.of(who)
    known = who.completed(contact.party) if contact else who
    return Header(
        ids=ids,
        time=time,
        sender=frame.page,
        receiver=Address(group, "group") if group else known.address(),
        direction="outbound",
        person=person(known, contact, frame.scope),
        contact=contact,
        thread=group,
    )
