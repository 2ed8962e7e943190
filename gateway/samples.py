"""One example of each event per platform: what docs/events.md shows, and what an endpoint is tried with.

They are the golden events that ship beside the adapters, and a few of the gateway's own.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from adapters import ADAPTERS
from adapters._identifiers import conversation_id
from adapters.event import Contact, Event, Placement
from adapters.parts import PersonIdentity, RawRef
from gateway.store.derived import CONVERSATION_STARTED, conversation_started
from gateway.store.placement import is_numbered, window

_CAUSE = "message.received"
"""What a conversation starts with."""
_PERSON_KINDS = ("psid", "igsid", "wa_id", "bsuid", "user_ref")
"""Kinds of a sender with whom there is a conversation."""


@cache
def examples() -> dict[tuple[str, str], dict[str, Any]]:
    """(name, platform) → the shortest golden event of it, which shows the point best."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for platform in ADAPTERS:
        folder = files("adapters") / platform / "samples"
        for golden in sorted(one.name for one in folder.iterdir() if one.name.endswith(".golden.json")):
            for event in json.loads((folder / golden).read_text(encoding="utf-8")):
                key = (event.get("event", ""), platform)
                if key[0] and (key not in found or len(json.dumps(event)) < len(json.dumps(found[key]))):
                    found[key] = event
    return found


def sample(name: str, platform: str, event_id: str, now: int) -> Event | None:
    """An example as if it happened at `now` (Unix milliseconds), marked `test`; None: there is none.

    Nobody has signed it, so it lacks `signature_verified`.
    """
    example = examples().get((_CAUSE if name == CONVERSATION_STARTED else name, platform))
    if example is None:
        return None
    event = _event(example)
    if name == CONVERSATION_STARTED:
        event = conversation_started(event, "")
    return replace(
        event,
        id=event_id,
        timestamp=now // 1_000,
        timestamp_ms=now,
        test=True,
        signature_verified=None,
    )


def _event(example: dict[str, Any]) -> Event:
    """The example, read back; what the platform sent is kept as it is, whatever its type."""
    event = msgspec.convert({key: value for key, value in example.items() if key != "raw"}, Event)
    if "raw" not in example:
        return event
    raw = dict(example["raw"])
    inline = Raw(msgspec.json.encode(raw.pop("inline"))) if "inline" in raw else None
    return replace(event, raw=RawRef(**raw, inline=inline))


def placement(event: Event, contact_id: UUID, now: int) -> Placement | None:
    """Where a sample would stand: as the first of its person. None: such an event stands nowhere."""
    kind, value = event.from_kind, event.from_
    if kind not in _PERSON_KINDS or value is None:
        return None
    identity = PersonIdentity(kind=kind, value=value, scope=event.waba_id or event.page_id)
    return Placement(
        conversation_id=conversation_id(event.platform, event.page_id, kind, value),
        sequence=1 if is_numbered(event.event) else None,
        contact=Contact(id=f"usr_{contact_id}", identities=(identity,)),
        window=window(event, now),
    )
