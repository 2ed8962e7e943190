"""Polling: events for a customer that no request can reach, fetched and acknowledged by it."""

import time
from typing import Annotated

from msgspec import Meta, Raw, Struct
from starlette.responses import Response

from gateway.api.answers import answer
from gateway.api.bodies import Input
from gateway.api.log_reader import Pulled, open_log
from gateway.api.operations import Call, Operation
from gateway.api.problems import ProblemKind


class Poll(Input, frozen=True, kw_only=True):
    """What to fetch."""

    endpoint_id: str
    """An endpoint of type `pull`."""
    cursor: str | None = None
    """The `cursor` of an answer: everything up to it is done, and does not come again."""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    """At most so many events."""
    wait_seconds: Annotated[int, Meta(ge=0, le=25)] = 0
    """How long to wait for the first event if there is none now."""


class PulledEvent(Struct, frozen=True, kw_only=True):
    """One event, as it would have been delivered now."""

    webhook_id: str
    """The same however often the event comes."""
    headers: dict[str, str]
    """`webhook-id`, `webhook-timestamp`, `webhook-signature` and those of the endpoint's format."""
    event: Raw
    """In the endpoint's format. Signed are its bytes as they stand in this answer."""


class PollAnswer(Struct, frozen=True, kw_only=True):
    """The events that come next, in the order in which they were accepted."""

    data: tuple[PulledEvent, ...]
    cursor: str
    """Post it with the next poll, also when there was no event; until then the same events come again."""


async def poll(call: Call[Poll]) -> Response:
    """Fetch the next events of a pull endpoint. The `cursor` in the body acknowledges those before."""
    given, doorbell = call.given, call.services.doorbell
    ends_at = time.monotonic() + given.wait_seconds
    log = await open_log(call, given.endpoint_id, given.cursor)
    with doorbell.listening(given.endpoint_id) as listener:
        events = await log.read(given.limit)
        while not events and await listener.heard(ends_at - time.monotonic()):
            events = await log.read(given.limit)
    return answer(PollAnswer(data=tuple(map(_show, events)), cursor=log.position))


def _show(pulled: Pulled) -> PulledEvent:
    return PulledEvent(
        webhook_id=pulled.entry.webhook_id, headers=dict(pulled.headers), event=Raw(pulled.body)
    )


OPERATIONS = (
    Operation(
        "POST",
        "/v1/poll",
        poll,
        {200: PollAnswer},
        body=Poll,
        problems=(ProblemKind.WRONG_ENDPOINT_TYPE,),
    ),
)
