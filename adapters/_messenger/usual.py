"""The short way for what nearly all traffic is: a body with one item, exactly as Meta documents it.

It takes half the time, because it need not look for anything that could be otherwise. Whatever is in
any way otherwise goes the general way. Both give the same for the same bytes; a test holds them
against each other.
"""

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder, encode

from adapters._envelope import LONGEST
from adapters._identifiers import event_id
from adapters._messenger import wire
from adapters._messenger.channel import Channel
from adapters._messenger.fact import Fact
from adapters._messenger.items import read_item
from adapters._messenger.sides import TEST_ID
from adapters._values import real
from adapters.base import Decoded, Identity, Person
from adapters.event import VERSION, Event
from adapters.parts import RawRef

_Id = Annotated[str, Meta(min_length=1)]
_Milliseconds = Annotated[int, Meta(ge=10**11, lt=10**14)]


class _User(wire.User, frozen=True, kw_only=True):
    id: _Id


class _Item(wire.Item, frozen=True, kw_only=True):
    sender: _User
    recipient: _User
    timestamp: _Milliseconds


class _Entry(Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[_Id, Meta(max_length=LONGEST)]
    time: int
    messaging: Annotated[list[Raw], Meta(min_length=1, max_length=1)]


class _Envelope(Struct, frozen=True, forbid_unknown_fields=True):
    """`{"object":…,"entry":[{"id":…,"time":…,"messaging":[{…}]}]}`"""

    object: str
    entry: Annotated[list[_Entry], Meta(min_length=1, max_length=1)]


_BEFORE = b'{"object":%b,"entry":[{"id":%b,"time":%d,"messaging":['

_envelope = Decoder(_Envelope)
_item = Decoder(_Item, float_hook=real)


def usual(body: bytes, channel: Channel) -> Decoded | None:
    """The one element of a usual body; None if the body is not usual."""
    try:
        envelope = _envelope.decode(body)
        raw = bytes(envelope.entry[0].messaging[0])
        item = _item.decode(raw)
        fact = read_item(item)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    entry = envelope.entry[0]
    if fact is None or not fact.ids or envelope.object != channel.object or entry.id == TEST_ID:
        return None
    person = _person(item, fact, entry.id)
    if person is None or person.user_ref or person.name or person.username or not body.isascii():
        return None
    # A name that is there twice hides items: whatever stood before the second is not in `envelope`.
    if body.count(b'"messaging"') != 1:
        return None
    before = _BEFORE % (encode(channel.object), encode(entry.id), entry.time)
    return Decoded(
        event=_event(channel, entry.id, item, fact, hashlib.sha256(body).hexdigest()),
        envelope=before + raw + b"]}]}",
        element=(len(before), len(before) + len(raw)),
        person=Person(identities=(Identity(channel.person_kind, person.id, entry.id),)),
        opens_window=fact.opens_window,
        target=fact.target,
    )


def _person(item: _Item, fact: Fact, page_id: str) -> _User | None:
    """The side that is not the business, where that is plain."""
    if fact.actor == "business":
        return item.recipient
    plain = fact.actor == "person" or (fact.actor == "sender" and item.sender.id != page_id)
    return item.sender if plain else None


def _event(channel: Channel, page_id: str, item: _Item, fact: Fact, sha256: str) -> Event:
    inbound = fact.actor != "business"
    here, there = channel.account_kind, channel.person_kind
    return Event(
        id=event_id(channel.platform, page_id, f"messaging.{fact.kind}", *fact.ids),
        version=VERSION,
        platform=channel.platform,
        event=fact.event,
        timestamp=item.timestamp // 1000,
        timestamp_ms=item.timestamp,
        page_id=page_id,
        from_=item.sender.id,
        to=item.recipient.id,
        from_kind=there if inbound else here,
        to_kind=here if inbound else there,
        direction="inbound" if inbound else "outbound",
        origin=fact.origin or ("contact" if inbound else None),
        signature_verified=True,
        raw=RawRef(sha256=sha256, pointer="/entry/0/messaging/0"),
        **fact.parts,
    )
