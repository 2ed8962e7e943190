"""From what an element says to its event: ids, times and sides are made in one place for all kinds.

Event ids are made of Meta's own where it gives any, else of the element's content. The native kind is
the container and the key (`messaging.message`), with what tells two facts about one id apart
(`messaging.message.deleted`). An item has the same id in `messaging` and wrapped in `changes`; in
`standby` it is a copy and has one part more, except an echo, which calls for no answer anyway.
"""

import hashlib

from msgspec import Raw

from adapters._identifiers import event_id
from adapters._messenger import wire
from adapters._messenger.elements import MESSAGING, STANDBY, Element
from adapters._messenger.fact import Fact
from adapters._messenger.sides import TEST_ID, Sides, sides
from adapters._values import canonical, milliseconds
from adapters.base import Decoded
from adapters.event import VERSION, Direction, Event, Origin
from adapters.parts import RawRef


def decoded(element: Element, item: wire.Item, fact: Fact) -> Decoded:
    """The event of a fact, with the envelope cut down to the element."""
    channel = element.source.channel
    who = sides(channel, element.entry.id, item, fact)
    standby = element.container == STANDBY
    container = MESSAGING if standby else element.container
    kind = f"{container}.{fact.kind}" if fact.kind else container
    ids = fact.ids or (_digest(element.content),)
    owned = key = event_id(channel.platform, who.page_id, kind, *ids)
    if standby and fact.actor != "business":
        key = event_id(channel.platform, who.page_id, kind, *ids, STANDBY)
    start = len(element.before)
    return Decoded(
        event=_event(element, item, fact, who, key),
        envelope=element.before + element.raw + element.after,
        element=(start, start + len(element.raw)),
        person=who.person,
        opens_window=fact.opens_window and element.entry.id != TEST_ID,
        target=fact.target,
        owner_id=owned if standby else None,
    )


def _digest(content: bytes) -> str:
    """Equal for equal content, whatever the order of its keys."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _event(element: Element, item: wire.Item, fact: Fact, who: Sides, key: str) -> Event:
    source, entry = element.source, element.entry
    moment = milliseconds(item.timestamp) or fact.at or milliseconds(entry.time) or 0
    inline = Raw(element.raw) if fact.event == "unknown" else None
    direction = _direction(fact, who)
    return Event(
        id=key,
        version=VERSION,
        platform=source.channel.platform,
        event=fact.event,
        timestamp=moment // 1000,
        timestamp_ms=moment,
        page_id=who.page_id,
        from_=who.sender.id,
        to=who.recipient.id,
        from_kind=who.sender.kind,
        to_kind=who.recipient.kind,
        direction=direction,
        origin=fact.origin or _origin(fact, direction),
        standby=element.container == STANDBY,
        test=entry.id == TEST_ID,
        signature_verified=True,
        raw=RawRef(sha256=source.sha256, pointer=element.pointer, inline=inline),
        **fact.parts,
    )


def _direction(fact: Fact, who: Sides) -> Direction | None:
    if fact.actor in ("platform", "untold") or (fact.actor == "sender" and not who.sender.id):
        return None
    return "outbound" if who.outbound else "inbound"


def _origin(fact: Fact, direction: Direction | None) -> Origin | None:
    """Who did it, where the reader does not know better; of the business's ways only echoes tell."""
    if fact.actor == "platform":
        return "platform"
    return "contact" if direction == "inbound" else None
