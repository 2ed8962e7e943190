"""Where a store is, as `GATEWAY_STORE` names it. Pure: nothing is opened here.

    sqlite:///relative/path.db, sqlite:////absolute/path.db
    redis://[user:password@]host[:6379][/db]
    redis+sentinel://[user:password@]host[:26379][,host…]/service[/db]
    redis+cluster://[user:password@]host[:6379][,host…]

`rediss…://` speaks TLS. Options follow as a query:

    shards              how a new database is divided, 1 to 1024; what is there already keeps its number
    timeout             seconds to wait for an answer
    unsafe              comma list of what to put up with: `volatile` (no append-only file), `evicting`
    ca, cert, key       files for TLS: who is trusted, and our own certificate
    sentinel_username, sentinel_password

User name and password are percent-encoded where they hold other characters than letters and digits. No
text that is raised here quotes any part of the value: a misplaced password would be in it.
"""

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import parse_qsl, unquote

from msgspec import Struct

Kind = Literal["single", "sentinel", "cluster"]

_KINDS: dict[str, Kind] = {"": "single", "sentinel": "sentinel", "cluster": "cluster"}
_URL = re.compile(
    r"redis(?P<tls>s?)(\+(?P<kind>[a-z]+))?://(?P<place>[^/?#]*)(?P<path>/[^?#]*)?(\?(?P<query>[^#]*))?"
)
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?")
_OPTIONS = ("shards", "timeout", "unsafe", "ca", "cert", "key", "sentinel_username", "sentinel_password")
_RISKS = ("volatile", "evicting")
_PORTS: dict[Kind, int] = {"single": 6379, "sentinel": 26379, "cluster": 6379}
_MOST_SHARDS = 1_024
_LONGEST_TIMEOUT = 60.0


class Host(Struct, frozen=True):
    """A name or an address, and a port."""

    name: str
    port: int


class Login(Struct, frozen=True, kw_only=True):
    """An ACL user and its password; both may be missing."""

    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return "Login()"


class Tls(Struct, frozen=True, kw_only=True):
    """Files, in PEM. Without `ca` the system says who is trusted."""

    ca: str | None = None
    cert: str | None = None
    key: str | None = None


class RedisAddress(Struct, frozen=True, kw_only=True):
    """Everything that a client of this Redis needs to know. repr and str show no secret."""

    kind: Kind
    hosts: tuple[Host, ...]
    service: str = ""
    """What the sentinels call the master."""
    database: int = 0
    login: Login = Login()
    sentinel_login: Login = Login()
    tls: Tls | None = None
    shards: int | None = None
    timeout_s: float = 5.0
    unsafe: frozenset[str] = frozenset()

    def __str__(self) -> str:
        scheme = ("rediss" if self.tls else "redis") + ("" if self.kind == "single" else f"+{self.kind}")
        places = ",".join(f"{host.name}:{host.port}" for host in self.hosts)
        return f"{scheme}://{places}/{self.service}".removesuffix("/")


class SqliteAddress(Struct, frozen=True, kw_only=True):
    """A file; one process owns it."""

    path: str

    def __str__(self) -> str:
        return f"sqlite:///{self.path}"


StoreAddress = SqliteAddress | RedisAddress


def parse_redis(url: str) -> RedisAddress:
    """The address in a URL. Raises ValueError, worded to follow the setting's name."""
    match = _URL.fullmatch(url)
    kind = _KINDS.get(match["kind"] or "") if match else None
    if match is None or kind is None:
        raise ValueError(
            "is not redis://host:6379, redis+sentinel://host:26379/service or redis+cluster://host:6379 "
            "(rediss… for TLS); percent-encode what is special in a password"
        )
    login, at, places = match["place"].rpartition("@")
    options = _options(match["query"] or "")
    service, database = _path(kind, (match["path"] or "").strip("/"))
    return RedisAddress(
        kind=kind,
        hosts=_hosts(kind, places),
        service=service,
        database=database,
        login=_login(login) if at else Login(),
        sentinel_login=Login(
            username=options.get("sentinel_username"), password=options.get("sentinel_password")
        ),
        tls=_tls(options, secure=bool(match["tls"])),
        shards=_shards(options.get("shards")),
        timeout_s=_timeout(options.get("timeout", "5")),
        unsafe=_unsafe(options.get("unsafe", "")),
    )


def _login(text: str) -> Login:
    username, colon, password = text.partition(":")
    if not colon:
        raise ValueError("has a user name without a password; write user:password@, or :password@")
    return Login(username=unquote(username) or None, password=unquote(password) or None)


def _hosts(kind: Kind, places: str) -> tuple[Host, ...]:
    matches = [_HOST.fullmatch(place) for place in places.split(",")]
    hosts = [
        Host(match["name"].strip("[]"), int(match["port"] or _PORTS[kind])) for match in matches if match
    ]
    if len(hosts) != len(matches) or not all(0 < host.port <= 65_535 for host in hosts):
        raise ValueError("has a host that cannot be read; write host:port, several with commas between them")
    if kind == "single" and len(hosts) > 1:
        raise ValueError("names several hosts; that takes redis+sentinel:// or redis+cluster://")
    return tuple(hosts)


def _path(kind: Kind, path: str) -> tuple[str, int]:
    """Service and database number."""
    service, _, rest = path.partition("/") if kind == "sentinel" else ("", "", path)
    if kind == "sentinel" and not service:
        raise ValueError("does not say what the sentinels call the master; write …/service at its end")
    if kind == "cluster" and path not in ("", "0"):
        raise ValueError("names a database, and a cluster has only one; leave the path away")
    if rest and not (rest.isascii() and rest.isdecimal() and len(rest) <= 5):
        raise ValueError("has a path that is not the number of a database")
    return unquote(service), int(rest or 0)


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    if not options.keys() <= set(_OPTIONS):
        raise ValueError(f"has an option that is none of: {', '.join(_OPTIONS)}")
    return options


def _tls(options: Mapping[str, str], *, secure: bool) -> Tls | None:
    files = {name: options[name] for name in ("ca", "cert", "key") if options.get(name)}
    if files and not secure:
        raise ValueError("has options for TLS, and speaks none; write rediss… for redis…")
    if "key" in files and "cert" not in files:
        raise ValueError("has the option key without cert")
    return Tls(**files) if secure else None


def _shards(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= _MOST_SHARDS):
        raise ValueError(f"has an option shards that is not a number from 1 to {_MOST_SHARDS}")
    return int(text)


def _timeout(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,3})?", text) or not 0 < float(text) <= _LONGEST_TIMEOUT:
        raise ValueError(f"has an option timeout that is not a number of seconds up to {_LONGEST_TIMEOUT:g}")
    return float(text)


def _unsafe(text: str) -> frozenset[str]:
    risks = frozenset(risk for risk in text.split(",") if risk)
    if not risks <= set(_RISKS):
        raise ValueError(f"has an option unsafe that is not a comma list of: {', '.join(_RISKS)}")
    return risks
