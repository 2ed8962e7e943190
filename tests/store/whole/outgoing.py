"""Outgoing messages as the sender hands them to a store, without a platform."""

from typing import Any

import msgspec
from msgspec.structs import replace

from adapters.message import Message as Said
from adapters.outgoing import Recipient
from adapters.sending import Request, SendError, Sent
from gateway.store.base import Store
from gateway.store.outgoing import Message, Progress, SendJob, SendOutcome, SendSettlement, Step
from gateway.store.progress import SEND_FAILED, SEND_UNKNOWN, SENT
from gateway.store.records import Arrival, EventFilter, PageRequest, Route
from tests.store.samples import NOW, PAGE, arrival, event, psid, status

ROUTES = {name: (Route(endpoint_id="ep_1", ordered=True),) for name in (SENT, SEND_FAILED, SEND_UNKNOWN)}
TEMPORARY = SendError(code="temporary", retryable=True)
LOST = SendError(code="unknown", retryable=False, ambiguous=True)


def outgoing(identifier: str = "msg_1", parts: int = 1, **fields: Any) -> Message:
    """A text to psid 2001."""
    to = fields.pop("to", "2001")
    requests = tuple(
        Request(method="POST", host="graph.facebook.com", path=f"/{PAGE}/messages", json={"part": part})
        for part in range(parts)
    )
    defaults: dict[str, Any] = {
        "customer_id": "default",
        "platform": "facebook",
        "page_id": PAGE,
        "to": Recipient(kind="psid", value=to),
        "line": f"psid:{to}",
        "content": {"type": "text", "body": "hello"},
        "requests": requests,
        "created_at": NOW,
    }
    return Message(id=identifier, **{**defaults, **fields})


async def claim(store: Store, now: int = NOW, limit: int = 10) -> list[SendJob]:
    """What is due on the page."""
    jobs, _ = await store.outbox.claim("facebook", PAGE, now, limit)
    return jobs


async def begun(store: Store, now: int = NOW, part: int = 0) -> SendJob:
    """The only due message, with its request about to be written."""
    (job,) = await claim(store, now)
    assert await store.outbox.begin(job, part, now)
    return job


async def finish(store: Store, job: SendJob, step: Step, now: int = NOW, **facts: Any) -> SendSettlement:
    """What came of an attempt."""
    facts.setdefault("part", 0)
    facts.setdefault("routes", ROUTES)
    if step == "accepted":
        facts.setdefault("sent", Sent(message_id="m_out", recipient_id="2001"))
    outcome = SendOutcome(job=job, step=step, at=now, **facts)
    return (await store.outbox.finish([outcome]))[0]


async def progress(store: Store, message_id: str = "msg_1") -> Progress:
    """How far a message is."""
    stored = await store.outbox.message(None, message_id)
    assert stored is not None
    return stored.progress


async def names(store: Store) -> list[str]:
    """All events, oldest first."""
    page = await store.events(None, EventFilter(), PageRequest(ascending=True))
    return [_name(one.body) for one in page.data]


def echo(tag: str, mid: str = "m_out", at: int = NOW, happened: int = NOW) -> Arrival:
    """Our message, come back through Meta's webhook; `happened`: when Meta took it."""
    said = event(
        "message.echo",
        f"echo {mid}",
        timestamp_ms=happened,
        direction="outbound",
        message=Said(id=mid, type="text", body="hello", metadata=tag),
    )
    return arrival(said, psid("2001"), at, derived_routes=ROUTES)


def told(rank: int, *mids: str, tag: str | None = None, **facts: Any) -> Arrival:
    """A status of messages of ours."""
    made = status(rank, *mids, **facts)
    part = made.decoded.event.status
    assert part is not None
    happened = replace(made.decoded.event, status=replace(part, tag=tag))
    return replace(made, decoded=replace(made.decoded, event=happened), derived_routes=ROUTES)


def _name(body: bytes) -> str:
    return str(msgspec.json.decode(body)["event"])
