"""The way out: a request goes to the receiver if the network guard lets it, and its exchange comes back.

    send ─▶ read the URL ─▶ addresses (literal, remembered, or looked up) ─▶ guard judges all of them
         ─▶ libcurl connects to exactly these, or has the egress proxy do it ─▶ done(exchange)

Nothing that a receiver does raises here or outlasts the request's deadline, the lookup included.
"""

import asyncio
from collections.abc import Callable, Sequence

import certifi

from gateway.deliver.addresses import Network
from gateway.deliver.exchange import Exchange, Failure, Request, unsent
from gateway.deliver.failure import STOPPED
from gateway.deliver.guard import Guard
from gateway.deliver.proxy import Proxy, Tunnels
from gateway.deliver.resolver import LIMIT_S, Resolver, Unresolved
from gateway.deliver.sender import Sender
from gateway.deliver.target import InvalidUrl, parse_url
from gateway.deliver.transfer import Transfer

__all__ = ["Exchange", "Request", "Transport"]

_TRIED_ADDRESSES = 4
"""All addresses of a name are judged; of these many the first that accepts gets the request."""


class Transport:
    """Sends requests to customers' receivers. Belongs to the event loop that starts it."""

    def __init__(
        self,
        allow_networks: Sequence[Network],
        *,
        resolver: Resolver | None = None,
        certificates: str | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._guard = Guard(allow_networks)
        self._resolver = resolver or Resolver()
        self._certificates = certificates or certifi.where()
        self.tunnels = None if proxy is None else Tunnels(proxy)
        """How the egress proxy does; None: there is none, receivers are connected to directly."""
        self._resolving: dict[asyncio.Task[None], Transfer] = {}
        self._closed = False

    async def start(self) -> None:
        """Make ready to send."""
        self._loop = asyncio.get_running_loop()
        self._sender = Sender(self._certificates, self.tunnels)

    def send(self, request: Request, done: Callable[[Exchange], None]) -> None:
        """Begin an exchange; `done` is called once, later, on the event loop's thread, with the result."""
        if self._closed:
            self._loop.call_soon(done, unsent(STOPPED))
            return
        try:
            target = parse_url(request.url)
        except InvalidUrl as error:
            self._loop.call_soon(done, unsent(Failure(error="blocked_address", detail=str(error))))
            return
        transfer = Transfer(request=request, done=done, target=target, started=self._loop.time())
        addresses = (target.literal,) if target.literal else self._resolver.known(target.host)
        if addresses:
            self._vet(transfer, addresses)
        else:
            task = self._loop.create_task(self._resolve(transfer))
            self._resolving[task] = transfer
            task.add_done_callback(self._resolving.pop)

    def _vet(self, transfer: Transfer, addresses: tuple[str, ...]) -> None:
        if refusal := self._guard.refusal(transfer.target.host, addresses):
            self._fail(transfer, Failure(error="blocked_address", detail=refusal))
        else:
            transfer.addresses = addresses[:_TRIED_ADDRESSES]
            self._sender.start(transfer)

    async def _resolve(self, transfer: Transfer) -> None:
        limit_s = min(LIMIT_S, transfer.request.timeout_ms / 1000)
        try:
            addresses = await self._resolver.resolve(transfer.target.host, limit_s)
        except Unresolved as error:
            self._fail(transfer, Failure(error="internal" if error.ours else "dns", detail=str(error)))
        else:
            self._vet(transfer, addresses)

    def _fail(self, transfer: Transfer, reason: Failure) -> None:
        self._loop.call_soon(transfer.done, transfer.fail(reason, self._loop.time()))

    async def close(self) -> None:
        """Break off what is under way; every `done` has been called when this returns."""
        self._closed = True
        for task, transfer in tuple(self._resolving.items()):
            if task.cancel():  # False: it is over and has called or handed on `done` itself
                self._fail(transfer, STOPPED)
        await self._resolver.close()
        self._sender.close()
        await asyncio.sleep(0)
