"""Run everything on this machine: the gateway, a simulated Meta, a receiver that checks signatures.

No account, no setting, no other server. Secrets are made at the first run and kept in .gateway/.
"""

import argparse
import asyncio
import contextlib
import json
import socket
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvloop
from msgspec import Struct

from gateway import log, settings
from gateway.app import Gateway
from gateway.cli.client import Client
from gateway.cli.keys import fresh_values
from gateway.cli.receiver import Received, Receiver
from gateway.cli.server import PortTaken, Server, listen, on_stop, server, url_of
from gateway.cli.traffic import HELLOS, Said, accounts, say, world
from gateway.settings import Settings
from gateway.simulator import Meta, serving
from gateway.store.base import StoreUnavailable

HOME = Path(".gateway")
SECRETS = HOME / "dev.json"
DESCRIPTION = "the local receiver of gateway dev"
WAIT_SECONDS = 30
LOCAL = "127.0.0.1"


class Stage(Struct, frozen=True):
    """What runs, and where."""

    config: Settings
    meta: Meta
    receiver: Receiver
    url: str
    receiver_url: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway dev` takes."""
    parser.add_argument("--once", action="store_true", help="stop after the sample messages have arrived")


def run(parsed: argparse.Namespace) -> int:
    """Serve until interrupted; 1 if the sample messages did not come through."""
    graph = listen(LOCAL, 0)
    config = settings.load(defaults={"graph_url": url_of(graph), **_defaults()})
    log.configure("warning" if config.log_level == "info" else config.log_level)
    try:
        return uvloop.run(_run(config, graph, once=parsed.once))
    except StoreUnavailable as error:
        print(f"gateway: {error}.", file=sys.stderr)
        return 1


def _defaults() -> dict[str, str]:
    """The settings of a developer's own gateway: secrets made once, loopback receivers allowed."""
    if not SECRETS.is_file():
        HOME.mkdir(exist_ok=True)
        SECRETS.touch(mode=0o600)
        SECRETS.write_text(json.dumps(fresh_values(), indent=2) + "\n", encoding="utf-8")
    kept: dict[str, str] = json.loads(SECRETS.read_text(encoding="utf-8"))
    return {"store": f"sqlite:///{HOME}/dev.db", "allow_networks": "127.0.0.0/8", **kept}


async def _run(config: Settings, graph: socket.socket, *, once: bool) -> int:
    gateway, receiver = Gateway(config), Receiver()
    meta = world(config.app_secrets[0])
    listener, receiving = _listen(config), listen(LOCAL, 0)
    await gateway.start()
    try:
        served, sink = server(gateway, gateway.hang_up), server(receiver.app)
        async with _serving(served, listener), _serving(sink, receiving), serving(meta, graph):
            stage = Stage(config, meta, receiver, url_of(listener), url_of(receiving))
            return await _until_stopped(_show(stage, once=once))
    finally:
        await gateway.stop()


async def _until_stopped(shown: Coroutine[Any, Any, int]) -> int:
    """Its result, or 0 if the process is asked to end before."""
    task = asyncio.create_task(shown)
    on_stop(task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return 0


@asynccontextmanager
async def _serving(http: Server, listener: socket.socket) -> AsyncIterator[None]:
    """Serve on a socket that already listens, so that what is sent now is answered soon."""
    task = asyncio.create_task(http.serve(sockets=[listener]))
    try:
        yield
    finally:
        http.should_exit = True
        await task


def _listen(config: Settings) -> socket.socket:
    """The configured address, or another port where somebody else has that one."""
    try:
        return listen(config.host, config.port)
    except PortTaken:
        print(f"Port {config.port} is taken; another one is used.", file=sys.stderr)
        return listen(config.host, 0)


async def _show(stage: Stage, *, once: bool) -> int:
    headers = {"authorization": f"Bearer {stage.config.admin_key}"}
    async with httpx.AsyncClient(base_url=stage.url, headers=headers, trust_env=False, timeout=10.0) as http:
        client = Client(http)
        stage.receiver.secret = await _point_endpoint_to(stage.receiver_url, client)
        await _connect(stage, client)
    print(_introduction(stage))
    said = [await say(stage.meta, hello) for hello in HELLOS]
    for one in said:
        print(f"  → {one.platform:<10} signed webhook, {one.size} bytes: {one.status}")
    if not await _arrivals(stage.receiver, said):
        print(
            f"Not all sample messages arrived within {WAIT_SECONDS} s. Look at GET {stage.url}/v1/deliveries."
        )
        return 1
    print(f"All {len(said)} came through, signed and verified. The gateway is up at {stage.url}", end="")
    print("." if once else "; press Ctrl-C to stop.", flush=True)
    while not once:
        print(_shown(await stage.receiver.queue.get()), flush=True)
    return 0


async def _connect(stage: Stage, client: Client) -> None:
    """The simulated pages with their tokens, and Meta's webhooks to this gateway, after Meta's handshake."""
    for account in accounts(stage.meta):
        await client.send("POST", "/v1/accounts", account)
        callback = f"{stage.url}/webhooks/{account['platform']}"
        await stage.meta.subscribe(account["platform"], callback, stage.config.verify_token)


async def _point_endpoint_to(receiver_url: str, client: Client) -> str:
    """An endpoint for this run's receiver, whose port differs from the last run's; its secret."""
    for endpoint in (await client.send("GET", "/v1/endpoints?limit=100"))["data"]:
        if endpoint["description"] == DESCRIPTION:
            await client.send("DELETE", f"/v1/endpoints/{endpoint['id']}")
    created = await client.send("POST", "/v1/endpoints", {"url": receiver_url, "description": DESCRIPTION})
    return str(created["secret"])


async def _arrivals(receiver: Receiver, said: list[Said]) -> bool:
    """Print what arrives until every message has; False if it takes too long."""
    missing = {one.message_id for one in said}
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(WAIT_SECONDS):
            while missing:
                received = await receiver.queue.get()
                print(_shown(received))
                missing.discard(received.event.get("message", {}).get("id"))
    return not missing


def _introduction(stage: Stage) -> str:
    return (
        "The social gateway is running.\n\n"
        f"  webhooks   {stage.url}/webhooks/facebook  /instagram  /whatsapp\n"
        f"  API        {stage.url}/v1    documentation {stage.url}/docs\n"
        f"  admin key  admin_key in {SECRETS}\n"
        f"  receiver   {stage.receiver_url}  (checks every signature)\n"
        f"  Meta       {stage.meta.base_url}  (simulated; steer it at /_simulator)\n\n"
        "One message from each channel, raw and signed as Meta signs it:\n"
    )


def _shown(received: Received) -> str:
    event = received.event
    facts = [
        f"  ← {event.get('platform', 'gateway'):<10} {event['event']:<22}",
        f"from {event.get('from', '-')}",
    ]
    if body := event.get("message", {}).get("body"):
        facts.append(f"“{body}”")
    return " ".join([*facts, f"({received.webhook_id}, signature verified)"])
