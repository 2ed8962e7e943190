"""The quarantine: bytes that the platform signed and that no event could be made of."""

import base64
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.responses import Response

from gateway.api.answers import answer, view
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, shown
from gateway.store.records import QuarantineEntry


class Quarantined(Struct, frozen=True, kw_only=True):
    """Bytes that could not be read, whole."""

    id: str
    platform: str
    received_at_ms: int
    reason: str
    pointer: str
    """JSON pointer to the unreadable part; empty for the whole body."""
    encoding: Literal["text", "base64"]
    """How `body` shows the bytes: as they are, or in base64 where they are not UTF-8."""
    body: str


class QuarantineQuery(ListQuery, frozen=True, kw_only=True):
    """Which entries."""

    limit: Annotated[int, Meta(ge=1, le=10)] = 10
    """At most so many entries; few, because each may be 4 MiB."""


async def list_quarantine(call: Call[QuarantineQuery]) -> Response:
    """List what could not be read."""
    page = await call.services.store.quarantined(call.given.page())
    return answer(shown(page, _show))


def _show(entry: QuarantineEntry) -> Quarantined:
    encoding, body = _text(entry.body)
    return view(Quarantined, entry, received_at_ms=entry.received_at, encoding=encoding, body=body)


def _text(body: bytes) -> tuple[str, str]:
    try:
        return "text", body.decode()
    except UnicodeDecodeError:
        return "base64", base64.b64encode(body).decode()


OPERATIONS = (
    Operation(
        "GET",
        "/v1/quarantine",
        list_quarantine,
        {200: Listing[Quarantined]},
        access="operator",
        query=QuarantineQuery,
    ),
)
