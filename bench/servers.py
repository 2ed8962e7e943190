"""The servers under test, each started with a sink of its own."""

import asyncio
import base64
import http.client
import json
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.child import Child
from bench.sink import Sink

NAMES = ("plain", "gateway", "relay")
_START_LIMIT_S = 20
_POLL_S = 0.05


class NotStarted(Exception):
    """A server under test did not come up; the message carries what it printed."""


class Keys(NamedTuple):
    """The secrets of one run."""

    app_secret: str
    verify_token: str
    admin_key: str
    encryption_key: str
    endpoint_secret: str


class Server(NamedTuple):
    """A running server under test and the sink it delivers to."""

    name: str
    port: int
    child: Child
    sink: Sink


def new_keys() -> Keys:
    """Fresh random secrets."""
    encryption_key = base64.b64encode(secrets.token_bytes(32)).decode()
    endpoint_secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    return Keys(
        secrets.token_hex(16), secrets.token_hex(16), secrets.token_hex(16), encryption_key, endpoint_secret
    )


@asynccontextmanager
async def running(name: str, keys: Keys) -> AsyncIterator[Server]:
    """Start a server and its sink; end both, and remove its files. Raises NotStarted."""
    start = {"gateway": _gateway, "plain": _plain, "relay": _relay}[name]
    sink = Sink()
    await sink.open()
    with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as directory:
        port = free_port()
        child = await start(port, sink, keys, Path(directory))
        try:
            await listening(child, port)
            if name == "gateway":
                await set_up(port, child, sink, keys)
            yield Server(name, port, child, sink)
        finally:
            await child.stop()
            await sink.close()


@asynccontextmanager
async def serving(sink: Sink, keys: Keys, directory: Path) -> AsyncIterator[Server]:
    """A gateway on the store that is in `directory` already. Raises NotStarted."""
    port = free_port()
    child = await _gateway(port, sink, keys, directory)
    try:
        await listening(child, port)
        await _ready(port)
        yield Server("gateway", port, child, sink)
    finally:
        await child.stop()


def store_of(directory: Path) -> Path:
    """The gateway's file."""
    return directory / "gateway.db"


async def _gateway(port: int, sink: Sink, keys: Keys, directory: Path) -> Child:
    environment = {
        "GATEWAY_STORE": f"sqlite:///{store_of(directory)}",
        "GATEWAY_PORT": str(port),
        "GATEWAY_ADMIN_KEY": keys.admin_key,
        "GATEWAY_APP_SECRETS": keys.app_secret,
        "GATEWAY_VERIFY_TOKEN": keys.verify_token,
        "GATEWAY_ENCRYPTION_KEY": keys.encryption_key,
        "GATEWAY_ALLOW_NETWORKS": "127.0.0.0/8",
        "GATEWAY_LOG_LEVEL": "warning",
    }
    return await Child.start(("gateway", "serve"), environment, directory)


async def _plain(port: int, sink: Sink, keys: Keys, directory: Path) -> Child:
    sink.secret = keys.endpoint_secret
    environment = {
        "PLAIN_DATABASE": str(directory / "plain.db"),
        "PLAIN_APP_SECRET": keys.app_secret,
        "PLAIN_ENDPOINT_SECRET": keys.endpoint_secret,
    }
    return await Child.start(("bench.plain", str(port), sink.url), environment, directory)


async def _relay(port: int, sink: Sink, keys: Keys, directory: Path) -> Child:
    return await Child.start(("bench.relay", str(port), str(sink.port)), {}, directory)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def listening(child: Child, port: int) -> None:
    """Wait until the child accepts connections. Raises NotStarted."""
    for _ in range(int(_START_LIMIT_S / _POLL_S)):
        if child.ended:
            break
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(_POLL_S)
            continue
        writer.close()
        await writer.wait_closed()
        return
    raise NotStarted(f"nothing listens on port {port}: {child.complaint or 'no output'}")


async def set_up(port: int, child: Child, sink: Sink, keys: Keys) -> None:
    """Wait until the gateway takes writes, and create the endpoint that delivers to the sink."""
    # Messages only: `conversation.started` would be a second delivery for a person's first message.
    endpoint = {"url": sink.url, "events": ["message.received"]}
    try:
        await _ready(port)
        status, answer = await asyncio.to_thread(
            call, port, "POST", "/v1/endpoints", endpoint, keys.admin_key
        )
    except OSError as error:
        raise NotStarted(f"{error}: {child.complaint}") from error
    if status != 201:
        raise NotStarted(f"POST /v1/endpoints answered {status}: {answer!r} {child.complaint}")
    sink.secret = json.loads(answer)["secret"]


async def _ready(port: int) -> None:
    for _ in range(int(_START_LIMIT_S / _POLL_S)):
        status, _ = await asyncio.to_thread(call, port, "GET", "/readyz")
        if status == 200:
            return
        await asyncio.sleep(_POLL_S)
    raise NotStarted("/readyz never answered 200")


def call(port: int, method: str, path: str, body: Any = None, key: str | None = None) -> tuple[int, bytes]:
    """Status and body of what a server answers; blocks. Raises OSError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
    try:
        connection.request(method, path, json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
