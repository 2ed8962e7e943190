"""Connections to addresses that were looked at, and to no others.

A name is looked up once per connection, all that it has is judged, and what was judged is what is connected
to: a name that answers something else a moment later changes nothing. TLS speaks to the name all the while,
so the certificate must be the host's whatever its address, and connections are shared by name only.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from gateway.deliver.guard import Guard
from gateway.deliver.resolver import Lookup

Options = Iterable[httpcore.SOCKET_OPTION]
Place = tuple[str, int]
"""A host and a port."""


class Forbidden(Exception):
    """The network guard lets nothing through to where the name points."""


class _Network(httpcore.AsyncNetworkBackend):
    """Looks up, judges, connects."""

    def __init__(self, guard: Guard, lookup: Lookup, trusted: Place | None) -> None:
        self._guard = guard
        self._lookup = lookup
        self._trusted = trusted
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore calls it so)
        local_address: str | None = None,
        socket_options: Options | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """To the first address that answers. Raises Forbidden, and httpcore's own."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self._vetted(host, port, timeout):
            try:
                return await self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _vetted(self, host: str, port: int, limit_s: float | None) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(limit_s):
                addresses = await asyncio.to_thread(self._lookup, host)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from error
        except socket.gaierror as error:
            raise httpcore.ConnectError(f"{host} was not resolved") from error
        if (host, port) != self._trusted and any(map(self._guard.forbids, addresses)):
            raise Forbidden(host)
        return addresses


class Vetted(httpx.AsyncBaseTransport):
    """What an `httpx.AsyncClient` goes out through; it adds Forbidden to what that raises."""

    def __init__(
        self, guard: Guard, lookup: Lookup, trusted: Place | None = None, trust: ssl.SSLContext | None = None
    ) -> None:
        """`trusted`: needs no judgement. `trust`: whose certificates hold; None: public authorities."""
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust or httpx.create_ssl_context(trust_env=False),
            network_backend=_Network(guard, lookup, trusted),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange. Raises Forbidden, httpx.TransportError."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        with _mapped():
            answer = await self._pool.handle_async_request(
                httpcore.Request(
                    request.method, target, headers=request.headers.raw, extensions=request.extensions
                )
            )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Content(answer))

    async def aclose(self) -> None:
        """Drop the connections."""
        await self._pool.aclose()


class _Content(httpx.AsyncByteStream):
    """The bytes of an answer, as they come."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _mapped():
            async for chunk in self._answer.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _mapped() -> Iterator[None]:
    """What goes wrong on the way is a TransportError of httpx."""
    try:
        yield
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
        raise httpx.TransportError(str(error)) from error
    except httpcore.UnsupportedProtocol as error:
        raise httpx.UnsupportedProtocol(str(error)) from error
