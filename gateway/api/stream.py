"""Streaming: the same events as by polling, as Server-Sent Events (WHATWG HTML, section 9.2)."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable

from starlette.responses import Response, StreamingResponse

from gateway.api.answers import HEADERS
from gateway.api.authentication import is_valid
from gateway.api.log_reader import LogReader, Pulled, open_log
from gateway.api.operations import LAST_EVENT_ID, Call, Media, Operation
from gateway.api.paging import Query
from gateway.api.problems import ProblemKind, invalid
from gateway.doorbell import Listener
from gateway.log import line, logger
from gateway.store.base import InvalidCursor, StoreUnavailable

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_SECONDS = 15.0
"""A silent stream says something so often, so that proxies keep it and a dead one is noticed."""
HEARTBEAT = b": nothing new\n\n"
_AT_ONCE = 20
"""Events that are in memory for one stream, whatever waits for it."""


class StreamQuery(Query, frozen=True, kw_only=True):
    """What to stream."""

    endpoint_id: str
    """An endpoint of type `pull`."""


async def stream(call: Call[StreamQuery]) -> Response:
    """Stream the events of a pull endpoint. `Last-Event-ID` acknowledges up to that event, and resumes.

    Each has `id:` (a cursor), `event:` (its name) and `data:` (the event in the endpoint's format).
    """
    endpoint_id, last = call.given.endpoint_id, call.headers.get(LAST_EVENT_ID)
    try:
        log = await open_log(call, endpoint_id, last)
    except InvalidCursor:
        raise invalid(LAST_EVENT_ID, "is not the id of an event of such a stream") from None
    return StreamingResponse(_stream(call, log), media_type=MEDIA_TYPE, headers=HEADERS)


async def _stream(call: Call[StreamQuery], log: LogReader) -> AsyncIterator[bytes]:
    """Until the client goes, the gateway stops, or the endpoint or the key is gone."""
    doorbell = call.services.doorbell

    def goes_on() -> bool:
        return not doorbell.closed and log.endpoint is not None and is_valid(call.services, call.caller)

    with doorbell.listening(call.given.endpoint_id) as listener:
        try:
            async for frame in frames(log, listener, goes_on):
                yield frame
        except StoreUnavailable as error:
            # The client comes back with the id of the last event that it had.
            logger.warning(line("stream ended", endpoint=call.given.endpoint_id, reason=error))


async def frames(
    log: LogReader, listener: Listener, goes_on: Callable[[], bool], heartbeat: float = HEARTBEAT_SECONDS
) -> AsyncGenerator[bytes, None]:
    """Events as they come; the next are read when these are written. Raises StoreUnavailable."""
    while goes_on():
        events = await log.read(_AT_ONCE)
        for pulled in events:
            yield _frame(pulled)
        if not events and not await listener.heard(heartbeat):
            yield HEARTBEAT


def _frame(pulled: Pulled) -> bytes:
    """A body of several lines, such as Meta's own, is as many `data` fields."""
    data = b"".join(b"data: %b\n" % part for part in pulled.body.splitlines())
    return b"id: %b\nevent: %b\n%b\n" % (pulled.entry.cursor.encode(), pulled.entry.name.encode(), data)


OPERATIONS = (
    Operation(
        "GET",
        "/v1/stream",
        stream,
        {200: Media(MEDIA_TYPE, "Events, and comments while there are none.", endless=True)},
        query=StreamQuery,
        problems=(ProblemKind.WRONG_ENDPOINT_TYPE,),
    ),
)
