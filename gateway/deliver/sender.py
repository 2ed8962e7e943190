"""libcurl's multi handle, driven by the event loop.

Not in a thread of its own, although libcurl would then run beside Python: each of its calls and callbacks
would have to take the interpreter's lock back from an event loop that lets go of it every 5 ms at worst.
With an idle loop the two are level; with a busy one, such a thread sent 4 to 6,000 requests a second where
this sent 6,000 to 19,000.

Not with `perform` or `fdset` either: `perform` visits every exchange at every step, so that two thousand
hanging receivers would cost each step 2 ms, and `fdset` does not see descriptors above 1,023.
"""

import asyncio
import time
from collections import deque

import pycurl

from gateway.deliver import failure
from gateway.deliver.exchange import Failure
from gateway.deliver.handle import Handle
from gateway.deliver.proxy import Tunnels
from gateway.deliver.sockets import Sockets
from gateway.deliver.transfer import Transfer
from gateway.log import line, logger

_BEGIN_AT_ONCE = 16
"""Requests begun in one turn of the event loop: less than a millisecond of work on connections that exist."""
_TURN_S = 0.002
"""How long libcurl may go on in one turn of the event loop; each TLS handshake takes half a millisecond."""
_TIMEOUT = (pycurl.SOCKET_TIMEOUT, 0)
"""In place of a socket: begin what is new, end what is late."""
_POOLED_CONNECTIONS = 4_096
"""Those in use count as well: were it less than may be under way, receivers that hang would cost all others
their open connections."""
_IDLE_HANDLES = 256


class Sender:
    """Carries out transfers whose addresses are vetted. Belongs to one event loop."""

    def __init__(self, certificates: str, tunnels: Tunnels | None = None) -> None:
        self._certificates = certificates
        self._tunnels = tunnels
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Transfer] = deque()
        self._busy: dict[pycurl.Curl, Handle] = {}
        self._idle: list[Handle] = []
        self._events: deque[tuple[int, int]] = deque()
        self._scheduled: asyncio.Handle | None = None
        self._timer: asyncio.Handle | None = None
        self._timer_due = 0.0
        self._open()

    def _open(self) -> None:
        self._sockets = Sockets()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, _POOLED_CONNECTIONS)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._sockets.wait_for)
        self._loop.add_reader(self._sockets.fileno(), self._on_ready)

    def start(self, transfer: Transfer) -> None:
        """Take a transfer; its `done` is called from the event loop, never from here."""
        self._queue.append(transfer)
        self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = self._loop.call_soon(self._turn)

    def _on_ready(self) -> None:
        if not self._scheduled:
            self._turn()

    def _on_timer(self) -> None:
        self._timer = None
        self._events.append(_TIMEOUT)
        self._schedule()

    def _turn(self) -> None:
        """Let libcurl go on where it can, but not for long, and hand over what is finished."""
        self._scheduled = None
        try:
            if not self._events:
                self._events.extend(self._sockets.ready())
                self._begin()
            end = time.monotonic() + _TURN_S
            while self._events and time.monotonic() < end:
                self._multi.socket_action(*self._events.popleft())
            self._collect()
            self._set_timer()
        except pycurl.error as error:
            logger.error(line("sender failed", error=repr(error)))
            self._fail_all(failure.BROKEN)
            self._open()
        if self._events or self._queue:
            self._schedule()

    def _begin(self) -> None:
        begun = min(_BEGIN_AT_ONCE, len(self._queue))
        for _ in range(begun):
            self._add(self._queue.popleft())
        if begun:
            self._events.append(_TIMEOUT)

    def _add(self, transfer: Transfer) -> None:
        remaining_ms = int((transfer.deadline - self._loop.time()) * 1000)
        if remaining_ms <= 0:
            self._fail(transfer, failure.TOO_LATE)
            return
        handle = self._idle.pop() if self._idle else self._new_handle()
        try:
            handle.prepare(transfer, remaining_ms)
            self._multi.add_handle(handle.curl)
        except (pycurl.error, ValueError) as error:
            logger.error(line("request not accepted by libcurl", error=repr(error)))
            handle.curl.close()
            self._fail(transfer, failure.BROKEN)
        else:
            self._busy[handle.curl] = handle

    def _new_handle(self) -> Handle:
        return Handle(self._certificates, self._sockets.opened, self._tunnels)

    def _collect(self) -> None:
        more = 1
        while more:
            more, finished, failed = self._multi.info_read()
            for curl in finished:
                self._finish(curl, pycurl.E_OK, "")
            for curl, code, message in failed:
                self._finish(curl, code, message)

    def _finish(self, curl: pycurl.Curl, code: int, message: str) -> None:
        handle = self._busy.pop(curl)
        self._multi.remove_handle(curl)
        transfer = handle.transfer
        if handle.may_try_next(code) and self._loop.time() < transfer.deadline:
            transfer.addresses = transfer.addresses[1:]
            self.start(transfer)
        else:
            self._loop.call_soon(transfer.done, handle.exchange(code, message, self._loop.time()))
        if len(self._idle) < _IDLE_HANDLES:
            self._idle.append(handle)
        else:
            curl.close()

    def _set_timer(self) -> None:
        """Wake up when libcurl wants to be woken; too early does no harm, so an earlier timer stays."""
        wait_ms = self._multi.timeout()
        if wait_ms < 0:
            return
        due = self._loop.time() + wait_ms / 1000
        if self._timer:
            if self._timer_due <= due:
                return
            self._timer.cancel()
        self._timer_due = due
        self._timer = self._loop.call_at(due, self._on_timer)

    def close(self) -> None:
        """Break off everything that is not finished: our fault, not the receivers'."""
        for handle in (self._timer, self._scheduled):
            if handle:
                handle.cancel()
        self._fail_all(failure.STOPPED)

    def _fail_all(self, reason: Failure) -> None:
        self._loop.remove_reader(self._sockets.fileno())
        self._multi.close()
        self._sockets.close()
        for transfer in (*(handle.transfer for handle in self._busy.values()), *self._queue):
            self._fail(transfer, reason)
        for handle in (*self._busy.values(), *self._idle):
            handle.curl.close()
        self._busy.clear()
        self._idle.clear()
        self._queue.clear()
        self._events.clear()

    def _fail(self, transfer: Transfer, reason: Failure) -> None:
        self._loop.call_soon(transfer.done, transfer.fail(reason, self._loop.time()))
