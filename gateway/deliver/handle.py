"""One exchange at a time through a libcurl easy handle, which is set up once and used again and again.

What libcurl may do is fixed here: HTTP/1.1 over TCP or TLS 1.2 and later, certificates checked against
one bundle, no redirects, no proxies from the environment, no cookies, no decompression (a bomb would
only ever be bytes), no `Expect: 100-continue`, no header of its own but `Host`, `Accept`, `Content-Length`.

**Why no request can reach an address that was not vetted for it.** `CONNECT_TO` with empty host and
port means "whatever the URL says, connect to this address". So libcurl never resolves a name, and
whether it reads the URL's host as we do does not matter to where it connects; `Host`, SNI and the
certificate still go by the URL. libcurl's pool keeps the address in the key of a connection: one made for
an earlier address is reused only by a request for which that same address was vetted again. (`RESOLVE`
would not do: it fills a cache that all handles share, and the pool then goes by name alone.) As a second
belt, `OPENSOCKETFUNCTION` compares every address that libcurl is about to connect to with the vetted one.

With an egress proxy libcurl connects to the proxy alone, and `CONNECT_TO` is what the tunnel is asked for:
`CONNECT vetted-address:port`. The pool keys such a connection by proxy and address.
"""

import errno
import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pycurl

from gateway.deliver import failure
from gateway.deliver.exchange import BODY_LIMIT, SHOWN_HEADERS, Exchange, Failure
from gateway.deliver.failure import Progress, failure_of
from gateway.deliver.proxy import Proxy, Tunnels
from gateway.deliver.transfer import Transfer

_HEADER_LIMIT = 32 * 1024
"""Bytes of all header lines of an answer, interim answers (1xx) included."""
_KEPT_HEADERS = {name.encode(): name for name in SHOWN_HEADERS}
_KEPT_VALUE = 256
_OUR_SHORTAGES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL)

_FIXED_OPTIONS: tuple[tuple[int, Any], ...] = (
    (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
    (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
    (pycurl.FOLLOWLOCATION, 0),
    (pycurl.SSL_VERIFYPEER, 1),
    (pycurl.SSL_VERIFYHOST, 2),
    (pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2),
    (pycurl.NOSIGNAL, 1),
    (pycurl.USERAGENT, ""),
)
_NO_EXPECT = b"Expect:"
_SUPPRESS_CONNECT_HEADERS = 265
"""CURLOPT_SUPPRESS_CONNECT_HEADERS, which pycurl does not name: a proxy's headers are not the receiver's."""
_DIRECT: tuple[tuple[int, Any], ...] = ((pycurl.PROXY, ""), (pycurl.NOPROXY, "*"))


def _through(proxy: Proxy) -> tuple[tuple[int, Any], ...]:
    """Tunnels only, and nothing of the request to the proxy."""
    named: tuple[tuple[int, Any], ...] = (
        (pycurl.PROXYUSERNAME, proxy.user),
        (pycurl.PROXYPASSWORD, proxy.password),
        (pycurl.PROXYAUTH, pycurl.HTTPAUTH_BASIC),
    )
    return (
        (pycurl.PROXY, proxy.url),
        (pycurl.NOPROXY, ""),
        (pycurl.HTTPPROXYTUNNEL, 1),
        (pycurl.HEADEROPT, pycurl.HEADER_SEPARATE),
        (_SUPPRESS_CONNECT_HEADERS, 1),
        *(named if proxy.user else ()),
    )


class Handle:
    """An easy handle and the answer that it is collecting."""

    __slots__ = (
        "_body",
        "_cut",
        "_header_room",
        "_headers",
        "_new_socket",
        "_opened",
        "_tunnels",
        "_veto",
        "curl",
        "transfer",
    )

    def __init__(
        self, certificates: str, opened: Callable[[int], None], tunnels: Tunnels | None = None
    ) -> None:
        self.transfer: Transfer
        self._opened = opened
        self._tunnels = tunnels
        self._new_socket: socket.socket | None = None
        self._body = bytearray()
        self.curl = curl = pycurl.Curl()
        route = _DIRECT if tunnels is None else _through(tunnels.proxy)
        for option, value in (*_FIXED_OPTIONS, *route):
            curl.setopt(option, value)
        curl.setopt(pycurl.CAINFO, certificates)
        # With a directory beside the bundle, libcurl would read the bundle again for each connection.
        curl.unsetopt(pycurl.CAPATH)
        curl.setopt(pycurl.WRITEFUNCTION, self._on_body)
        curl.setopt(pycurl.HEADERFUNCTION, self._on_header)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        curl.setopt(pycurl.SOCKOPTFUNCTION, self._on_socket)

    def prepare(self, transfer: Transfer, remaining_ms: int) -> None:
        """Set what differs from request to request."""
        self.transfer = transfer
        self._body.clear()
        self._headers: dict[str, str] = {}
        self._header_room = _HEADER_LIMIT
        self._cut = False
        self._veto: Failure | None = None
        request, address = transfer.request, transfer.addresses[0]
        lines = [f"{name}: {value}".encode() for name, value in request.headers]
        lines.append(_NO_EXPECT)
        setopt = self.curl.setopt
        setopt(pycurl.URL, transfer.target.url)
        setopt(pycurl.CONNECT_TO, [f"::[{address}]:" if ":" in address else f"::{address}:"])
        setopt(pycurl.HTTPHEADER, lines)
        setopt(pycurl.POSTFIELDS, request.body)
        setopt(pycurl.TIMEOUT_MS, remaining_ms)
        setopt(pycurl.CONNECTTIMEOUT_MS, max(1, remaining_ms // len(transfer.addresses)))

    def may_try_next(self, code: int) -> bool:
        """Whether the failure was one of this address alone: nothing has been sent to it."""
        unreached = code in (pycurl.E_COULDNT_CONNECT, pycurl.E_OPERATION_TIMEDOUT)
        return unreached and len(self.transfer.addresses) > 1 and self._progress() is Progress.NOTHING

    def exchange(self, code: int, message: str, now: float) -> Exchange:
        """What came of the transfer that libcurl has finished with this code (0: well)."""
        status = self.curl.getinfo(pycurl.RESPONSE_CODE) or None
        if self._tunnels is not None and self._veto is None:
            self._note_tunnel(self._tunnels, code)
        failed = self._failure(code, message, status)
        return Exchange(
            status=status,
            headers=self._headers,
            body=bytes(self._body),
            duration_ms=round((now - self.transfer.started) * 1000),
            error=failed.error if failed else None,
            detail=failed.detail if failed else None,
            sent=self.transfer.request.headers if status or self._on_the_wire() else (),
        )

    def _on_the_wire(self) -> bool:
        return self._progress() in (Progress.SENT, Progress.ANSWERING)

    def _failure(self, code: int, message: str, status: int | None) -> Failure | None:
        if self._veto:
            return self._veto
        if code == pycurl.E_OK or self._cut:
            return failure.REDIRECT if status and 300 <= status < 400 else None
        if code == pycurl.E_COULDNT_CONNECT and self.curl.getinfo(pycurl.OS_ERRNO) in _OUR_SHORTAGES:
            return failure.NO_RESOURCES
        if self._tunnels is not None and not self._tunnelled():
            return failure.NO_TUNNEL
        return failure_of(code, message, self._progress(), self.transfer.request.timeout_ms)

    def _tunnelled(self) -> bool:
        """Whether the tunnel was open: just made, or there from an earlier request."""
        getinfo = self.curl.getinfo
        status: int = getinfo(pycurl.HTTP_CONNECTCODE)
        return status // 100 == 2 or bool(getinfo(pycurl.REQUEST_SIZE))

    def _note_tunnel(self, tunnels: Tunnels, code: int) -> None:
        status = self.curl.getinfo(pycurl.HTTP_CONNECTCODE)
        if code == pycurl.E_OK or self._tunnelled():
            tunnels.opened()
        elif code == pycurl.E_OPERATION_TIMEDOUT:
            tunnels.failed("timeout")
        elif status:
            tunnels.failed(str(status))
        else:
            unreached = code in (pycurl.E_COULDNT_CONNECT, pycurl.E_COULDNT_RESOLVE_PROXY)
            tunnels.failed("unreachable" if unreached else "broken")

    def _progress(self) -> Progress:
        getinfo = self.curl.getinfo
        if self._tunnels is not None and not self._tunnelled():
            return Progress.NOTHING
        if self._header_room < _HEADER_LIMIT:
            return Progress.ANSWERING
        if getinfo(pycurl.REQUEST_SIZE):
            return Progress.SENT
        return Progress.CONNECTED if getinfo(pycurl.CONNECT_TIME) else Progress.NOTHING

    def _on_body(self, chunk: bytes) -> int | None:
        room = BODY_LIMIT - len(self._body)
        self._body += chunk[:room]
        if len(chunk) <= room:
            return None
        self._cut = True
        return 0  # libcurl closes the connection: the rest is not wanted

    def _on_header(self, line: bytes) -> int | None:
        self._header_room -= len(line)
        if self._header_room < 0:
            self._veto = failure.OVERSIZED_HEADERS
            return 0
        name, _, value = line.partition(b":")
        if kept := _KEPT_HEADERS.get(name.lower()):
            self._headers[kept] = value.strip()[:_KEPT_VALUE].decode("latin-1")
        return None

    def _open_socket(self, _purpose: int, wanted: Any) -> Any:
        direct = self._tunnels is None
        if direct and ip_address(wanted.addr[0]) != ip_address(self.transfer.addresses[0]):
            self._veto = failure.BLOCKED
            return pycurl.SOCKET_BAD
        try:
            self._new_socket = socket.socket(wanted.family, wanted.socktype, wanted.protocol)
        except OSError:
            self._veto = failure.NO_RESOURCES
            return pycurl.SOCKET_BAD
        return self._new_socket

    def _on_socket(self, descriptor: int, _purpose: int) -> int:
        if self._new_socket:
            self._new_socket.close()  # pycurl has duplicated it
        self._opened(descriptor)
        return int(pycurl.SOCKOPT_OK)
