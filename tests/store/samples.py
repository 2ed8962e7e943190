"""Arrivals as intake hands them to a store, without a platform."""

import json
from typing import Any

import msgspec
from msgspec.structs import replace

from adapters._identifiers import event_id
from adapters.base import Decoded, Identity, Person
from adapters.event import VERSION, Event, encode
from adapters.message import Message, Target
from adapters.parts import IdentityChange, Reaction, Status
from gateway.store.records import Arrival, Attempt, Endpoint, Job, Outcome, Route, Secret
from gateway.store.retention import Retention

PAGE = "1001"
NUMBER = "555001"
WABA = "900"
NOW = 1_767_225_600_000
LEASE = 20_000
"""15 s for the exchange, 5 s to record its outcome."""
DAY = 86_400_000


def endpoint(identifier: str = "ep_1", customer_id: str = "default", **fields: Any) -> Endpoint:
    """An endpoint with a secret."""
    return Endpoint(
        id=identifier,
        customer_id=customer_id,
        url=f"https://receiver.example/{identifier}",
        secrets=(Secret(value="whsec_c2VjcmV0"),),
        created_at=NOW,
        **fields,
    )


def retaining(
    events_ms: int = 30 * DAY, raw_ms: int | None = None, attempts_ms: int | None = None
) -> Retention:
    """Everything as long as its event unless told otherwise."""
    return Retention(
        events_ms=events_ms,
        raw_ms=events_ms if raw_ms is None else raw_ms,
        attempts_ms=events_ms if attempts_ms is None else attempts_ms,
    )


def psid(value: str) -> Person:
    """Somebody on Messenger."""
    return Person(identities=(Identity("psid", value, PAGE),))


def wa(*identities: tuple[str, str], asserted: bool = False, name: str | None = None) -> Person:
    """Somebody on WhatsApp, by (kind, value), most stable first."""
    named = tuple(Identity(kind, value, WABA) for kind, value in identities)
    return Person(identities=named, asserted=asserted, name=name)


def claimed(*endpoint_ids: str, ordered: bool = True) -> tuple[Route, ...]:
    """Routes to endpoints with a free slot."""
    return tuple(Route(endpoint_id=one, ordered=ordered, claim=True) for one in endpoint_ids)


def queued(*endpoint_ids: str, ordered: bool = True) -> tuple[Route, ...]:
    """Routes to endpoints without one."""
    return tuple(Route(endpoint_id=one, ordered=ordered) for one in endpoint_ids)


def event(name: str, source: str, platform: str = "facebook", **fields: Any) -> Event:
    """An event of the page; `source` stands for Meta's own id of it, `id_of` for its native kind."""
    page_id = fields.pop("page_id", NUMBER if platform == "whatsapp" else PAGE)
    defaults = {"timestamp": NOW // 1000, "timestamp_ms": NOW, "direction": "inbound", "from_": "2001"}
    identifier = event_id(platform, page_id, fields.pop("id_of", name), source)
    return Event(
        id=identifier,
        version=VERSION,
        platform=platform,
        event=name,
        page_id=page_id,
        **{**defaults, **fields},
    )


def arrival(happened: Event, person: Person | None = None, at: int = NOW, **fields: Any) -> Arrival:
    """The event on its way into the store, owned by `default` unless told otherwise."""
    element = json.dumps({"sender": happened.from_, "id": happened.id}).encode()
    head = b'{"object":"page","entry":[{"id":"1001","messaging":['
    of_decoded = {
        name: fields.pop(name) for name in ("thread", "opens_window", "target", "owner_id") if name in fields
    }
    decoded = Decoded(
        event=happened,
        envelope=head + element + b"]}]}",
        element=(len(head), len(head) + len(element)),
        person=person,
        **of_decoded,
    )
    return Arrival(
        decoded=decoded,
        body=encode(happened),
        received_at=at,
        customer_ids=fields.pop("customer_ids", ("default",)),
        **fields,
    )


def message(mid: str = "m_1", person: Person | None = None, **fields: Any) -> Arrival:
    """A text by the contact, who is psid 2001 unless told otherwise."""
    platform = fields.pop("platform", "facebook")
    name = fields.pop("name", "message.received")
    direction = fields.pop("direction", "inbound")
    happened = event(
        name,
        mid,
        platform,
        direction=direction,
        timestamp_ms=fields.pop("timestamp_ms", NOW),
        message=Message(id=mid, type="text", body="hello", attachments=()),
    )
    fields.setdefault("opens_window", direction == "inbound")
    return arrival(happened, person or psid("2001"), **fields)


def edit(mid: str = "m_1", person: Person | None = None, **fields: Any) -> Arrival:
    """The contact changes a text."""
    name = fields.pop("name", "message.edited")
    direction = fields.pop("direction", "inbound")
    part, platform = Message(id=mid, body="hallo"), fields.pop("platform", "facebook")
    happened = event(name, f"edit of {mid}", platform, direction=direction, message=part)
    return arrival(happened, person or psid("2001"), target=mid, **fields)


def reaction(mid: str = "m_1", **fields: Any) -> Arrival:
    """The contact puts an emoji on a text."""
    part = Reaction(action="added", target=Target(message_id=mid), emoji="👍")
    return arrival(
        event("reaction.added", f"reaction to {mid}", reaction=part), psid("2001"), target=mid, **fields
    )


def status(rank: int, *message_ids: str, **fields: Any) -> Arrival:
    """What became of messages of the business; the ranks are those of the event contract."""
    state = ("sent", "delivered", "read", "played")[rank - 1]
    watermark_ms, person = fields.pop("watermark_ms", None), fields.pop("person", psid("2001"))
    part = Status(state=state, rank=rank, message_ids=message_ids, watermark_ms=watermark_ms)
    platform = fields.pop("platform", "facebook")
    happened = event("status.update", f"{rank} {message_ids} {watermark_ms}", platform, status=part)
    return arrival(happened, person, **fields)


def announced(person: Person, source: str = "system", **fields: Any) -> Arrival:
    """WhatsApp's own word that a person's ids changed."""
    happened = event("contact.identity_changed", source, "whatsapp", identity=IdentityChange(change="number"))
    return arrival(happened, replace(person, asserted=True), **fields)


def succeeded(job: Job, at: int = NOW) -> Outcome:
    """The receiver said 200."""
    return Outcome(job=job, attempt=Attempt(at=at, duration_ms=5, status=200), state="delivered")


def failed(job: Job, due_at: int, at: int = NOW, **fields: Any) -> Outcome:
    """The receiver said 500."""
    attempt = Attempt(at=at, duration_ms=5, status=500, error="status")
    return Outcome(job=job, attempt=attempt, state="failed", due_at=due_at, **fields)


def dead(job: Job, at: int = NOW) -> Outcome:
    """The schedule is spent."""
    attempt = Attempt(at=at, duration_ms=5, status=500, error="status")
    return Outcome(job=job, attempt=attempt, state="dead")


def body_of(item: Any) -> dict[str, Any]:
    """The delivered or stored event, read."""
    return msgspec.json.decode(item.body, type=dict[str, Any])
