"""Refusals: webhook requests that were not let in. A wrong app secret shows here."""

from msgspec import Struct
from starlette.responses import Response

from gateway.api.answers import answer, view
from gateway.api.operations import Call, Operation
from gateway.api.paging import Query


class Refusal(Struct, frozen=True, kw_only=True):
    """A request that was not let in."""

    at_ms: int
    path: str
    reason: str
    """`wrong_signature`: another app's secret, or a proxy that changes the body. `no_signature` …"""


class RefusalList(Struct, frozen=True, kw_only=True):
    """The newest refusals of this process, at most 100, and how many there have been since its start."""

    data: tuple[Refusal, ...]
    next_cursor: None
    counts: dict[str, int]
    """Reason → how often."""


async def list_refusals(call: Call[Query]) -> Response:
    """List the webhook requests that were refused last."""
    refusals = call.services.refusals
    newest = tuple(view(Refusal, refusal, at_ms=refusal.at) for refusal in refusals.newest())
    return answer(RefusalList(data=newest, next_cursor=None, counts=dict(refusals.counts)))


OPERATIONS = (Operation("GET", "/v1/refusals", list_refusals, {200: RefusalList}, access="operator"),)
