"""From what an item says to the event: ids, times and the envelope are made in one place for all kinds.

Event ids are made of Meta's own: a message of its wamid (an edit, a revoke, a reaction and a system
message each have one of their own), a status of its message, its state and, in a group, the participant,
so that a repeated status is a duplicate; a call of its id and what happened to it. History has native
kinds of its own: an imported message and the live one are two events. What has no id is told by its
content, with the WABA and the field, without `entry.time`, which differs when Meta retries.
"""

import hashlib
from typing import Any

from msgspec import Raw, Struct, structs
from msgspec.json import encode

from adapters._identifiers import event_id
from adapters._members import members
from adapters._values import canonical, milliseconds
from adapters.base import Decoded, Person
from adapters.event import VERSION, Event
from adapters.parts import RawRef
from adapters.whatsapp.container import array
from adapters.whatsapp.frame import Frame, Header
from adapters.whatsapp.person import Party

PLATFORM = "whatsapp"
STANDBY = "standby"
ENTRY = "entry"
"""The kind of an element that is a whole entry."""
CHANGE = "entry.changes"
"""The kind of an element that is a whole change."""


class Past(Struct, frozen=True, kw_only=True):
    """Where an imported message comes from: how far the import is, and whose thread it is."""

    chunk: Any = None
    party: Party = Party()


class Element(Struct, frozen=True, gc=False):
    """One item where it stands, a JSON object."""

    frame: Frame
    kind: str
    """Meta's container and key: `value.messages` …"""
    raw: bytes
    pointer: str
    before: bytes
    """What stands between the frame's head (and the contact) and the item."""
    after: bytes = b"]"
    past: Past = Past()

    def inner(self, key: str, index: str, raw: Raw, opening: bytes) -> "Element":
        """An item of an array inside this one; `opening` holds the members beside that array."""
        return structs.replace(
            self,
            kind=f"{self.kind}.{key}",
            raw=bytes(raw),
            pointer=f"{self.pointer}/{key}{index}",
            before=self.before + opening + array(key),
            after=b"]}" + self.after,
        )


class Fact(Struct, frozen=True):
    """What happened."""

    event: str
    body: dict[str, Any]
    """The event's body objects by their key."""
    opens_window: bool = False
    target: str | None = None
    person: Person | None = None
    """Where the fact is about the person's ids: all of them."""


def decoded(element: Element, header: Header, fact: Fact) -> Decoded:
    """The event, with the envelope cut down to the element."""
    source, standby = element.frame.source, element.frame.standby
    ids = header.ids or (_content(element),)
    own = event_id(PLATFORM, element.frame.page_id, element.kind, *ids)
    key = event_id(PLATFORM, element.frame.page_id, element.kind, *ids, STANDBY) if standby else own
    beside = b'"contacts":[%b],' % header.contact.raw if header.contact else b""
    before = element.frame.head + beside + element.before
    start = len(before)
    return Decoded(
        event=_event(element, header, fact, key),
        envelope=before + element.raw + element.after + element.frame.tail,
        element=(start, start + len(element.raw)),
        person=fact.person or header.person,
        thread=header.thread,
        opens_window=fact.opens_window and not source.test,
        target=fact.target,
        owner_id=own if standby else None,
    )


def _event(element: Element, header: Header, fact: Fact, key: str) -> Event:
    frame = element.frame
    sender, receiver = header.sender, header.receiver
    time = milliseconds(header.time) or milliseconds(frame.source.time) or 0
    inline = Raw(element.raw) if fact.event == "unknown" else None
    return Event(
        id=key,
        version=VERSION,
        platform=PLATFORM,
        event=fact.event,
        timestamp=time // 1000,
        timestamp_ms=time,
        page_id=frame.page_id,
        waba_id=frame.waba_id,
        from_=sender.value if sender else None,
        from_kind=sender.kind if sender else None,
        to=receiver.value if receiver else None,
        to_kind=receiver.kind if receiver else None,
        direction=header.direction,
        origin=header.origin,
        standby=frame.standby,
        test=frame.source.test,
        signature_verified=True,
        raw=RawRef(sha256=frame.source.sha256, pointer=element.pointer, inline=inline),
        **fact.body,
    )


UNKNOWN = Fact("unknown", {})


def unknown(element: Element) -> Decoded:
    """The event of something signed that has no meaning here yet; it carries Meta's own bytes."""
    return decoded(element, Header(), UNKNOWN)


def _content(element: Element) -> str:
    """Equal for the same fact, whenever Meta sends it again."""
    frame = element.frame
    item = _without_time(element.raw) if element.kind in (ENTRY, CHANGE) else element.raw
    whole = b'{"entry":%b,"field":%b,"item":%b}' % (encode(frame.source.id), encode(frame.field), item)
    return hashlib.sha256(canonical(whole)).hexdigest()


def _without_time(entry: bytes) -> bytes:
    """What is left of an entry, or of a change that is one, when Meta says it again later."""
    return encode({name: raw for name, raw in (members(entry) or {}).items() if name != "time"})
