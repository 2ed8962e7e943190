"""An operation: one method on one path. All of the API is tables of these.

The table is the only place where a path, its access, its input and its answers are said: routing,
authentication, decoding and the reference document are all made from it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.authentication import NOBODY, Access, Caller, authenticate, authorize
from gateway.api.bodies import Input, decode, read_body, read_file, read_query
from gateway.api.idempotency import keyed, once
from gateway.api.paging import Query
from gateway.api.problems import ProblemKind, not_found
from gateway.api.request_ids import request_id
from gateway.directory import DirectorySlice
from gateway.send.sending import Sending
from gateway.services import Services
from gateway.store.base import DEFAULT_CUSTOMER

Given = TypeVar("Given")
LAST_EVENT_ID = "Last-Event-ID"


class Call(Struct, Generic[Given], frozen=True, kw_only=True):
    """One authenticated request: what a handler works on."""

    services: Services
    caller: Caller
    path: Mapping[str, str]
    headers: Mapping[str, str]
    """By name, in whatever case."""
    given: Given
    """The decoded body; where there is none, the decoded query."""
    content: bytes = b""
    """The body as it came."""
    customer_id: str | None
    """The customer through whose eyes the call looks; None: the operator, who sees all."""

    @property
    def visible(self) -> DirectorySlice:
        """The configuration that the caller may see."""
        return self.services.directory.of_customer(self.customer_id)

    @property
    def sending(self) -> Sending:
        """What sends."""
        return self.services.sending

    def owner(self, customer_id: str | None) -> str:
        """Who will own what this call makes: `customer_id` of the body, of the query, or the caller."""
        chosen = self.customer_id if customer_id is None else customer_id
        return _checked(self.services, self.caller, chosen) or DEFAULT_CUSTOMER

    @asynccontextmanager
    async def configuring(self) -> AsyncIterator[None]:
        """Look, change, reload: one call at a time, so that none overwrites a change it has not seen."""
        async with self.services.directory.changing():
            yield


Handler = Callable[[Call[Any]], Awaitable[Response]]


class Media(Struct, frozen=True):
    """An answer that is not one of our own JSON objects."""

    type: str
    description: str
    endless: bool = False


class Operation(Struct, frozen=True):
    """What a method on a path does. The handler's docstring is its description in the reference."""

    method: str
    path: str
    handler: Handler
    answers: Mapping[int, Any]
    """Status → the type of the JSON, a `Media`, or None for no content."""
    access: Access = "read"
    query: type[Query] = Query
    tolerant: bool = False
    """Open to everybody, and whatever a probe or a browser adds to the path is ignored."""
    body: type[Struct] | None = None
    file_bytes: int | None = None
    """The body is a file of up to so many bytes, and not JSON."""
    problems: tuple[ProblemKind, ...] = ()
    """Kinds that are particular to this operation."""

    @property
    def takes_key(self) -> bool:
        """Whether an `Idempotency-Key` is heeded: where sending again would make or do something again."""
        return self.method == "POST"

    @property
    def streams(self) -> bool:
        """Whether its answer has no end of its own: such a one resumes behind a `Last-Event-ID`."""
        return any(isinstance(form, Media) and form.endless for form in self.answers.values())

    async def perform(self, request: Request, services: Services) -> Response:
        """Authenticate, read, do; at most once under one key. Raises Problem, StoreUnavailable."""
        caller = self._caller(request, services)
        content = await self._content(request)

        async def act() -> Response:
            return await self.handler(self._call(request, services, caller, content))

        keyed_request = keyed(request, caller, content) if self.takes_key else None
        if keyed_request is None:
            return await act()
        return await once(services, keyed_request, act, request_id(request.scope))

    async def _content(self, request: Request) -> bytes:
        if self.file_bytes is not None:
            return await read_file(request, self.file_bytes)
        return b"" if self.body is None else await read_body(request)

    def _call(self, request: Request, services: Services, caller: Caller, content: bytes) -> Call[Any]:
        query = self._query(request, caller)
        return Call(
            services=services,
            caller=caller,
            path=request.path_params,
            headers=request.headers,
            given=query if self.body is None else decode(content, self.body),
            content=content,
            customer_id=_checked(services, caller, query.customer_id),
        )

    def _query(self, request: Request, caller: Caller) -> Query:
        if caller is not NOBODY:
            return read_query(request, self.query)
        if not self.tolerant:
            read_query(request, Input)
        return Query()

    def _caller(self, request: Request, services: Services) -> Caller:
        if self.access == "open":
            return NOBODY
        caller = authenticate(services, request.headers.get("authorization"))
        authorize(caller, self.access)
        return caller


def _checked(services: Services, caller: Caller, customer_id: str | None) -> str | None:
    """The customer that a caller may name: itself, or for the operator any that exists."""
    if customer_id is None or customer_id == caller.customer_id:
        return caller.customer_id
    if not caller.is_operator or customer_id not in services.directory.customers:
        raise not_found("customer", customer_id)
    return customer_id
