"""How a command speaks to the gateway: over HTTP to the one that runs, else to one in this process."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from gateway.app import Gateway
from gateway.settings import Settings

TIMEOUT_SECONDS = 30.0


class Refused(Exception):
    """The gateway did not do it; the text is its answer."""


class Unavailable(Refused):
    """The gateway does not answer now, or not as it should; it may later."""


class Client:
    """The view of the API that a key gives."""

    def __init__(self, http: httpx.AsyncClient, *, served: bool) -> None:
        self._http = http
        self.served = served
        """A server runs, so what is begun here goes on; else it waits for the next start."""

    async def send(self, method: str, path: str, body: Any = None) -> Any:
        """One call; its JSON answer, or None where there is none. Raises Refused."""
        content = await self.fetch(method, path, body)
        return json.loads(content) if content else None

    async def fetch(self, method: str, path: str, body: Any = None) -> bytes:
        """One call; the bytes of its answer. Raises Refused, Unavailable."""
        try:
            response = await self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise Unavailable(f"{method} {path}: {error or type(error).__name__}") from error
        if response.is_server_error:
            raise Unavailable(_problem(response))
        if response.is_error:
            raise Refused(_problem(response))
        return response.content


def _problem(response: httpx.Response) -> str:
    try:
        problem = response.json()
    except ValueError:
        return f"HTTP {response.status_code}"
    return f"{problem.get('detail') or problem.get('title')} ({problem.get('code')})"


@asynccontextmanager
async def connect(settings: Settings) -> AsyncIterator[Client]:
    """The running server if it answers; otherwise the store is opened here, for this command only."""
    headers = {"authorization": f"Bearer {settings.admin_key}"}
    async with _remote(url_of(settings), headers) as remote:
        if await _answers(remote):
            yield Client(remote, served=True)
            return
    async with _in_process(settings, headers) as client:
        yield client


@asynccontextmanager
async def reach(url: str, key: str) -> AsyncIterator[Client]:
    """A running server, here or elsewhere, through the eyes of a key."""
    async with _remote(url, {"authorization": f"Bearer {key}"}) as remote:
        yield Client(remote, served=True)


def url_of(settings: Settings) -> str:
    """Where a server with these settings listens."""
    return f"http://{settings.host}:{settings.port}"


def _remote(url: str, headers: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS, trust_env=False)


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/healthz")).is_success
    except httpx.TransportError:
        return False


@asynccontextmanager
async def _in_process(settings: Settings, headers: dict[str, str]) -> AsyncIterator[Client]:
    gateway = Gateway(settings)
    await gateway.open()
    transport = httpx.ASGITransport(gateway)
    try:
        async with httpx.AsyncClient(
            transport=transport, base_url="http://gateway", headers=headers
        ) as local:
            yield Client(local, served=False)
    finally:
        await gateway.close()
