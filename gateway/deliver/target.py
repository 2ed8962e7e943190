"""Where a URL leads: the strict reading of an endpoint's URL.

Two parsers that read one URL differently are a classic way around a network guard. Here the second
parser (libcurl's) gets a URL rebuilt from what this one read, and never chooses the address itself.
"""

import re
import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

_LONGEST = 2048
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
"""What RFC 3986 allows in a URL."""
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
_LONGEST_NAME = 253


class InvalidUrl(ValueError):
    """The URL cannot be delivered to. Its text is a sentence for the customer."""


class Target(Struct, frozen=True, kw_only=True):
    """A URL, read."""

    url: str
    """The URL as it is requested: without a fragment."""
    host: str
    """In lower case, without brackets."""
    literal: str | None
    """The address in its usual form if the host is one, in whatever notation."""
    secure: bool


@lru_cache(maxsize=4096)
def parse_url(url: str) -> Target:
    """The target of an http or https URL. Raises InvalidUrl."""
    if len(url) > _LONGEST or not _CHARACTERS.fullmatch(url):
        raise InvalidUrl(
            f"A URL has at most {_LONGEST} characters, all of them from RFC 3986; percent-encode the others."
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidUrl("The URL's host or port cannot be read.") from error
    if parts.scheme not in ("http", "https"):
        raise InvalidUrl("A URL begins with http:// or https://.")
    if "@" in parts.netloc:
        raise InvalidUrl("A URL must not hold a user name or password.")
    if port == 0:
        raise InvalidUrl("A port is a number from 1 to 65535.")
    host = parts.hostname or ""
    literal = _literal(host)
    if literal is None and not (_NAME.fullmatch(host) and len(host) <= _LONGEST_NAME):
        raise InvalidUrl("The URL's host is not a name in ASCII (punycode) form, nor an address.")
    return Target(url=_rebuilt(parts, host, port), host=host, literal=literal, secure=parts.scheme == "https")


def _rebuilt(parts: SplitResult, host: str, port: int | None) -> str:
    place = f"[{host}]" if ":" in host else host
    if port is not None:
        place = f"{place}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{place}{parts.path or '/'}{query}"


def _literal(host: str) -> str | None:
    """The address that a host stands for, or None for a name. Raises InvalidUrl for a broken address.

    A host whose last label is a number is an IPv4 address in one of the notations of inet_aton:
    `127.1`, `0x7f.1`, `017700000001` and `2130706433` are all 127.0.0.1 (WHATWG URL, host parsing).
    """
    try:
        if ":" in host:
            return None if "%" in host else str(IPv6Address(host))
        plain = host.removesuffix(".")
        if not _is_number(plain.rpartition(".")[2]):
            return None
        return str(IPv4Address(socket.inet_aton(plain)))
    except (ValueError, OSError) as error:
        raise InvalidUrl("The URL's host looks like an address but is none.") from error


def _is_number(label: str) -> bool:
    return label.isdigit() or re.fullmatch("0x[0-9a-f]*", label) is not None
