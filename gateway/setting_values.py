"""The values that settings can have: each function reads one kind, as one would write it.

Each raises ValueError with what is wrong, worded to follow the setting's name.
"""

import base64
import binascii
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from gateway.deliver.proxy import Proxy, parse_proxy
from gateway.store.address import SqliteAddress, StoreAddress, parse_redis

Network = IPv4Network | IPv6Network


def text(value: str) -> str:
    return value


def optional(value: str) -> str | None:
    return value or None


def texts(value: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in value.split(",")) if part)


def flag(value: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if value.lower() not in known:
        raise ValueError("is neither true nor false")
    return known[value.lower()]


def port(value: str) -> int:
    if not value.isdecimal() or int(value) > 65_535:
        raise ValueError("is not a port number; 0 to 65535 (0: any free one)")
    return int(value)


def days(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise ValueError("is not a whole number of days, 1 or more")
    return int(value)


def optional_days(value: str) -> int | None:
    return days(value) if value else None


def megabytes(value: str) -> int:
    if not value.isdecimal():
        raise ValueError("is not a whole number of MiB, 0 or more")
    return int(value)


def seconds(value: str) -> tuple[int, ...]:
    parts = texts(value)
    if not parts or not all(part.isdecimal() and 1 <= int(part) <= 604_800 for part in parts):
        raise ValueError("is not a comma list of seconds, each 1 to 604800")
    return tuple(int(part) for part in parts)


def networks(value: str) -> tuple[Network, ...]:
    networks = tuple(network(part) for part in texts(value))
    if any(network.prefixlen == 0 for network in networks):
        raise ValueError("lets every address through; name the networks that your receivers are in")
    return networks


def network(part: str) -> Network:
    try:
        return ip_network(part)
    except ValueError:
        raise ValueError(f"holds {part!r}, which is not a network such as 10.0.0.0/8") from None


def admin_key(value: str) -> str:
    if len(value) < 20:
        raise ValueError("is shorter than 20 characters; `python -m gateway keys new` prints a good one")
    return value


def encryption_key(value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ValueError("is not 32 bytes in base64; `python -m gateway keys new` prints one")
    return key


def encryption_keys(value: str) -> tuple[bytes, ...]:
    keys = tuple(encryption_key(part) for part in texts(value))
    if len(set(keys)) < len(keys):
        raise ValueError("holds the same key twice; the first one seals, the others only open")
    return keys


def store(value: str) -> StoreAddress:
    if value.startswith("redis"):
        return parse_redis(value)
    if not value.startswith("sqlite:///") or value == "sqlite:///":
        raise ValueError(
            "is not sqlite:///relative/path.db or sqlite:////absolute/path.db, nor a redis:// address"
        )
    return SqliteAddress(path=value.removeprefix("sqlite:///"))


def http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not an http or https URL")
    return value.rstrip("/")


def optional_url(value: str) -> str | None:
    return http_url(value) if value else None


def optional_proxy(value: str) -> Proxy | None:
    return parse_proxy(value) if value else None


def level(value: str) -> str:
    if value.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("is not one of debug, info, warning, error")
    return value.lower()
