"""The operator's way out: an HTTP proxy between the gateway and the customers' receivers.

Only tunnels are used (CONNECT, RFC 9110, 9.3.6), for http targets too: the proxy is asked for a connection
and for nothing else; and for one to the address that the network guard has vetted, never to a name.

Until the tunnel is open, whatever goes wrong is the operator's business, not the customer's.
"""

from collections import Counter
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from gateway.log import line, logger


class Proxy(Struct, frozen=True, kw_only=True):
    """Where the proxy is, and who we are to it. repr shows no password."""

    url: str
    """`http://host:port`."""
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Proxy(url={self.url!r})"


def parse_proxy(text: str) -> Proxy:
    """A proxy as `http://[user:password@]host:port`. Raises ValueError, which repeats nothing of it."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        port = None
    if port is None or parts.scheme != "http" or not parts.hostname or parts.path.strip("/"):
        raise ValueError("is not http://host:port or http://user:password@host:port")
    if parts.query or parts.fragment or not text.isprintable() or not text.isascii():
        raise ValueError("is not http://host:port; percent-encode special characters of user and password")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Proxy(url=f"http://{host}:{port}", user=user, password=password)


class Tunnels:
    """How the proxy does: what it failed at since the start, and whether it works now."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.faults: Counter[str] = Counter()
        """`unreachable`, `timeout`, `broken`, or the status that it answered → exchanges."""
        self.fault: str | None = None
        """What it failed at last; None: the last tunnel opened."""

    def failed(self, reason: str) -> None:
        """No tunnel."""
        self.faults[reason] += 1
        if reason != self.fault:
            logger.warning(line("egress proxy fails", proxy=self.proxy.url, reason=reason))
        self.fault = reason

    def opened(self) -> None:
        """A tunnel opened, or one that is open was used."""
        if self.fault is not None:
            logger.warning(line("egress proxy works again", proxy=self.proxy.url))
        self.fault = None
