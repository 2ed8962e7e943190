"""The Graph API over HTTP: read, count, do, report, answer; or fail as one was told to."""

import asyncio
import logging
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from gateway.simulator.faults import Fault
from gateway.simulator.graph import errors, nodes, proof
from gateway.simulator.graph.call import Call, read
from gateway.simulator.graph.edges import EDGES, OF_NOBODY
from gateway.simulator.graph.errors import GraphError
from gateway.simulator.meta import Meta
from gateway.simulator.outages import break_connection, never
from gateway.simulator.webhooks import wire

API_VERSION = "v25.0"
_log = logging.getLogger(__name__)


class Graph:
    """Answers every request that is for the Graph API."""

    def __init__(self, meta: Meta, closing: asyncio.Event) -> None:
        self._meta = meta
        self._closing = closing

    async def answer(self, request: Request) -> Response:
        """One call."""
        try:
            call = await read(self._meta, request)
        except GraphError as error:
            return self._refusal(error, {})
        fault = self._meta.faults.strike(call.edge)
        if fault and not fault.after_accept and fault.kind != "slow":
            return await self._fail(request, fault, None)
        response = await self._respond(call)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault:
            return await self._fail(request, fault, response.background)
        return response

    async def _respond(self, call: Call) -> Response:
        headers: dict[str, str] = {}
        try:
            self._count(call, headers)
            body = await _understood(call)
        except GraphError as error:
            refusal = self._refusal(error, headers)
            refusal.background = await self._report(call)
            return refusal
        return self._response(200, body, headers, await self._report(call))

    def _count(self, call: Call, headers: dict[str, str]) -> None:
        """Every call counts, for the app and for the Page; the headers say how much is used."""
        limits, token = self._meta.limits, self._meta.tokens.find(call.bearer)
        if token is None:
            return
        page = token.owner if token.kind in ("page", "instagram") else None
        taken = limits.app_call(token.app, call.now_ms)
        page_taken = page is None or limits.page_call(page, call.now_ms)
        headers |= limits.headers(token.app, page, call.now_ms)
        if not taken:
            raise errors.messenger(4)
        if not page_taken:
            raise errors.messenger(32)

    async def _report(self, call: Call) -> BackgroundTask | None:
        """The webhooks that follow, now or once the answer is out."""
        if not call.news:
            return None
        if self._meta.manner.aftermath == "before":
            await self._meta.publisher.publish(call.news)
            return None
        return BackgroundTask(self._later, call)

    async def _later(self, call: Call) -> None:
        self._meta.publisher.publish_later(call.news)

    async def _fail(self, request: Request, fault: Fault, report: BackgroundTask | None) -> Response:
        if fault.kind == "error":
            made = self._refusal(_error(fault), {})
            made.background = report
            return made
        if fault.kind == "status":
            return Response(status_code=fault.status, background=report)
        if report is not None:
            await report()
        if fault.kind == "reset":
            break_connection(request)
        await never(request, self._closing)
        return Response(status_code=500)

    def _refusal(self, error: GraphError, headers: dict[str, str]) -> Response:
        if error.code == errors.TOKEN:
            reason = f'OAuth "Facebook Platform" "invalid_token" "{error.message}"'
            headers = headers | {"www-authenticate": reason}
        trace = f"A{self._meta.chance.text(22)}"
        return self._response(error.status, error.body(trace), headers, None)

    def _response(
        self, status: int, body: Any, headers: dict[str, str], background: BackgroundTask | None
    ) -> Response:
        return Response(
            wire.encode(body),
            status_code=status,
            headers=headers | {"facebook-api-version": API_VERSION},
            media_type="application/json; charset=UTF-8",
            background=background,
        )


async def _understood(call: Call) -> dict[str, Any]:
    """Parts of other types than Meta's pages say are invalid parameters. Raises GraphError."""
    try:
        return await _do(call)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        _log.warning("a call that could not be read: %s %s", call.method, "/".join(call.path), exc_info=True)
        raise errors.messenger(100) from error


async def _do(call: Call) -> dict[str, Any]:
    """Find the object and the edge, and go along it. Raises GraphError."""
    path = "/".join(call.path)
    if path in OF_NOBODY:
        return await OF_NOBODY[path](call)
    if not 1 <= len(call.path) <= 2:
        raise errors.unknown_path(path)
    proof.check(call)
    node = nodes.find(call, call.path[0])
    name = call.path[1] if len(call.path) == 2 else ""
    edge = EDGES[node.kind].get((call.method, name))
    if edge is None and name:
        raise errors.unknown_path(path)
    if edge is None:
        raise errors.unknown_object(call.method, call.path[0])
    return await edge(call, node)


def _error(fault: Fault) -> GraphError:
    """The catalogue's error of that code: WhatsApp's own codes have six digits."""
    if fault.code in errors.WHATSAPP and not fault.subcode and fault.code >= 100_000:
        return errors.whatsapp(fault.code)
    return errors.messenger(fault.code, fault.subcode)
