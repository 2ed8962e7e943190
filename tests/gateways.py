"""Whole gateways for tests: real store, real dispatcher, real HTTP, secrets that everybody may know."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from adapters._meta import signature
from gateway.app import Gateway
from gateway.clock import Clock, system_clock
from gateway.deliver.dispatcher import Dispatcher
from gateway.settings import Settings, load

APP_SECRET = "app-secret-of-the-tests"
OLD_APP_SECRET = "app-secret-before-the-rotation"
VERIFY_TOKEN = "verify-token-of-the-tests"
ADMIN_KEY = "admin-key-of-the-tests-0123456789"
ENCRYPTION_KEY = base64.b64encode(bytes(range(32))).decode()


def environment(folder: Path, **changes: str) -> dict[str, str]:
    """What a gateway of the tests is started with; `changes` by lower-case name."""
    values = {
        "store": f"sqlite:///{folder}/gateway.db",
        "admin_key": ADMIN_KEY,
        "app_secrets": f"{APP_SECRET},{OLD_APP_SECRET}",
        "verify_token": VERIFY_TOKEN,
        "encryption_key": ENCRYPTION_KEY,
        "allow_networks": "127.0.0.0/8",
        "log_level": "warning",
        "graph_url": "http://127.0.0.1:9",
    }
    return {f"GATEWAY_{name.upper()}": value for name, value in (values | changes).items()}


def settings(folder: Path, **changes: str) -> Settings:
    """The same, parsed."""
    return load(environment(folder, **changes), folder / "no-such.toml")


@asynccontextmanager
async def running(
    folder: Path, clock: Clock = system_clock, **changes: str
) -> AsyncIterator[tuple[Gateway, httpx.AsyncClient]]:
    """A started gateway and a client of it that holds the operator's key."""
    gateway = Gateway(settings(folder, **changes), clock=clock)
    headers = {"authorization": f"Bearer {ADMIN_KEY}"}
    transport = httpx.ASGITransport(gateway)
    await gateway.start()
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway", headers=headers) as http:
            yield gateway, http
    finally:
        await gateway.stop()


def dispatcher(gateway: Gateway) -> Dispatcher:
    """The dispatcher of a gateway that has one."""
    assert isinstance(gateway.deliverer, Dispatcher)
    return gateway.deliverer


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """The headers that Meta sends with a body."""
    return {"content-type": "application/json", "x-hub-signature-256": f"sha256={signature(body, secret)}"}


def messenger_text(mid: str, text: str = "hi", page: str = "1001", psid: str = "7001") -> bytes:
    """A Messenger envelope with one text message."""
    item = (
        f'{{"sender":{{"id":"{psid}"}},"recipient":{{"id":"{page}"}},"timestamp":1747231892100,'
        f'"message":{{"mid":"{mid}","text":"{text}"}}}}'
    )
    envelope = f'{{"object":"page","entry":[{{"id":"{page}","time":1747231892123,"messaging":[{item}]}}]}}'
    return envelope.encode()
