"""What a pull endpoint reads: events behind a position, rendered and signed as for a delivery."""

from typing import Any

from msgspec import Struct

from gateway.api.operations import Call
from gateway.api.problems import Problem, ProblemKind, not_found
from gateway.deliver.rendering import render
from gateway.deliver.signing import Headers, sign_headers
from gateway.services import Services
from gateway.store.base import RawExpired
from gateway.store.conditions import body_fits
from gateway.store.records import Endpoint, LogEntry, RawElement


class Pulled(Struct, frozen=True, kw_only=True):
    """One event, with the headers and the body that a delivery of this moment would have."""

    entry: LogEntry
    headers: Headers
    body: bytes


class LogReader:
    """Reads on demand: it holds one stretch of the log at most, and no event that was not asked for."""

    def __init__(self, services: Services, endpoint_id: str, position: str) -> None:
        self._services = services
        self._endpoint_id = endpoint_id
        self.position = position
        """A cursor: everything up to it has been read."""

    @property
    def endpoint(self) -> Endpoint | None:
        """As it is configured now; None: it has been deleted."""
        return self._services.directory.endpoints.get(self._endpoint_id)

    async def read(self, limit: int) -> list[Pulled]:
        """The next events, at most `limit`; empty at the end of the log. Raises StoreUnavailable."""
        while (endpoint := self.endpoint) is not None:
            page = await self._services.store.log(endpoint, self.position, limit)
            pulled = [one for entry in page.entries if (one := await self._pulled(endpoint, entry))]
            self.position = page.cursor
            if pulled or not page.more:
                return pulled
        return []

    async def _pulled(self, endpoint: Endpoint, entry: LogEntry) -> Pulled | None:
        """None: the endpoint's conditions or its format leave this event out."""
        if not body_fits(entry.body, endpoint.conditions):
            return None
        now, raw = self._services.clock(), await self._raw(endpoint, entry)
        rendering = render(endpoint.format, entry.body, endpoint=endpoint, raw=raw)
        if rendering is None:
            return None
        keys = endpoint.signing_keys(now)
        signature = sign_headers(entry.webhook_id, now // 1000, rendering.body, keys)
        return Pulled(entry=entry, headers=(*rendering.headers, *signature), body=rendering.body)

    async def _raw(self, endpoint: Endpoint, entry: LogEntry) -> RawElement | None:
        """The platform's own bytes, if the endpoint wants them and they are still kept."""
        if not (endpoint.include_raw or endpoint.format == "raw"):
            return None
        try:
            return await self._services.store.raw(endpoint.customer_id, entry.id)
        except RawExpired:
            return None


async def open_log(call: Call[Any], endpoint_id: str, cursor: str | None) -> LogReader:
    """A reader behind what the endpoint has acknowledged, `cursor` included.

    Raises Problem (404, 409), InvalidCursor, StoreUnavailable.
    """
    endpoint = call.visible.endpoint(endpoint_id)
    if endpoint is None:
        raise not_found("endpoint", endpoint_id)
    if endpoint.type != "pull":
        raise Problem(ProblemKind.WRONG_ENDPOINT_TYPE, "Events are sent to its URL; make one of type `pull`.")
    return LogReader(call.services, endpoint_id, await call.services.store.acknowledge(endpoint_id, cursor))
