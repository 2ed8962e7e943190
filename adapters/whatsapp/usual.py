"""The short way for what nearly all traffic is: a body with one message or one status, as documented.

It takes half the time, because it need not look for anything that could be otherwise. Whatever is in
any way otherwise goes the general way, through `entry`. Both give the same event for the same bytes; a
test holds them against each other. The body is the element's envelope as it is.
"""

import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from adapters._identifiers import event_id
from adapters._values import real
from adapters.base import Decoded
from adapters.event import VERSION, Event
from adapters.parts import RawRef
from adapters.whatsapp import message, status, wire
from adapters.whatsapp.element import PLATFORM, UNKNOWN, Fact
from adapters.whatsapp.frame import ALONE
from adapters.whatsapp.person import Contacts, Party, contact, person

_Id = Annotated[str, Meta(min_length=1)]
_Seconds = Annotated[str, Meta(min_length=10, max_length=10)]


class _Metadata(wire.Metadata, frozen=True, kw_only=True):
    phone_number_id: _Id


class _Message(wire.Message, frozen=True, kw_only=True):
    id: _Id
    timestamp: _Seconds
    system: None = None
    group_id: None = None


class _Status(wire.Status, frozen=True, kw_only=True):
    id: _Id
    timestamp: _Seconds
    type: None = None
    recipient_type: None = None


class _Value(Struct, frozen=True, forbid_unknown_fields=True):
    messaging_product: Literal["whatsapp"]
    metadata: _Metadata
    contacts: Annotated[list[wire.Contact], Meta(max_length=1)] = []
    messages: Annotated[list[Raw], Meta(max_length=1)] = []
    statuses: Annotated[list[Raw], Meta(max_length=1)] = []


class _Change(Struct, frozen=True, forbid_unknown_fields=True):
    value: _Value
    field: Literal["messages"]


class _Entry(Struct, frozen=True, forbid_unknown_fields=True):
    id: _Id
    changes: Annotated[list[_Change], Meta(min_length=1, max_length=1)]


class _Envelope(Struct, frozen=True, forbid_unknown_fields=True):
    """`{"object":…,"entry":[{"id":"<WABA>","changes":[{"value":{…},"field":"messages"}]}]}`"""

    object: str
    entry: Annotated[list[_Entry], Meta(min_length=1, max_length=1)]


class _Told(Struct, frozen=True):
    """What the item says."""

    array: str
    raw: bytes
    ids: tuple[str, ...]
    time: str
    who: Party
    fact: Fact


_envelope = Decoder(_Envelope)
_message = Decoder(_Message, float_hook=real)
_status = Decoder(_Status, float_hook=real)


def usual(body: bytes) -> Decoded | None:
    """The one element of a usual body; None if the body is not usual."""
    try:
        entry = _envelope.decode(body).entry[0]
        told = _told(entry.changes[0].value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if told is None or entry.id == "0" or not body.isascii():
        return None
    # A name that is there twice hides items. Every change has a field and an array, which are two of these.
    if body.count(b'"messages"') + body.count(b'"statuses"') != 2:
        return None
    if not (told.time.isascii() and told.time.isdigit()):
        return None
    return _decoded(body, entry, told)


def _told(value: _Value) -> _Told | None:
    if value.messages and not value.statuses:
        raw = bytes(value.messages[0])
        item = _message.decode(raw)
        fact = message.fact(item, ALONE)
        who = message.sender(item)
        return None if fact is UNKNOWN else _Told("messages", raw, (item.id,), item.timestamp, who, fact)
    if value.statuses and not value.messages:
        raw = bytes(value.statuses[0])
        state = _status.decode(raw)
        who, fact = status.recipient(state), status.fact(state, ALONE)
        return _Told("statuses", raw, status.ids(state), state.timestamp, who, fact)
    return None


def _decoded(body: bytes, entry: _Entry, told: _Told) -> Decoded | None:
    value, fact = entry.changes[0].value, told.fact
    named = Contacts(only=contact(value.contacts[0])).of(told.who) if value.contacts else None
    known = told.who.completed(named.party) if named else told.who
    address = known.address()
    if address is None:
        return None
    page_id, seconds = value.metadata.phone_number_id, int(told.time)
    start = body.index(told.raw)
    event = Event(
        id=event_id(PLATFORM, page_id, f"value.{told.array}", *told.ids),
        version=VERSION,
        platform=PLATFORM,
        event=fact.event,
        timestamp=seconds,
        timestamp_ms=seconds * 1000,
        page_id=page_id,
        waba_id=entry.id,
        from_=address.value,
        from_kind=address.kind,
        to=page_id,
        to_kind="phone_number_id",
        direction="inbound",
        origin="contact" if told.array == "messages" else "platform",
        signature_verified=True,
        raw=RawRef(
            sha256=hashlib.sha256(body).hexdigest(), pointer=f"/entry/0/changes/0/value/{told.array}/0"
        ),
        **fact.body,
    )
    return Decoded(
        event=event,
        envelope=body,
        element=(start, start + len(told.raw)),
        person=person(known, named, entry.id),
        opens_window=fact.opens_window,
        target=fact.target,
    )
