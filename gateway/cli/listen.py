"""Bring a running gateway's events to a program on this machine, signed as a delivery is.

For a developer whom no request from outside can reach: the events are pulled, posted to the local URL one
after the other, and acknowledged when it has answered 2xx; until then the same event comes again.
"""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvloop

from gateway import settings
from gateway.cli.client import Client, Refused, reach, url_of
from gateway.cli.forwarding import DEADLINE_SECONDS, Attempt, Forwarder, Show, forward
from gateway.cli.pulling import Log
from gateway.cli.server import on_stop
from gateway.deliver.target import InvalidUrl, parse_url

_DESCRIPTION = "gateway listen --forward-to {}"
"""By it an endpoint that was kept is found again."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway listen` takes."""
    parser.add_argument(
        "--forward-to", type=_web_url, required=True, metavar="URL", help="where to post the events"
    )
    parser.add_argument("--events", action="append", metavar="EVENT", help="a name or `family.*`; repeatable")
    parser.add_argument("--server", metavar="URL", help="the gateway; the one of this machine if not said")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="holds a key of --server")
    parser.add_argument("--keep", action="store_true", help="keep the endpoint, and go on there next time")
    parser.add_argument("--json", action="store_true", help="print each attempt as a JSON object")


def _web_url(text: str) -> str:
    """Raises ArgumentTypeError for what cannot be posted to."""
    try:
        return parse_url(text).url
    except InvalidUrl as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(parsed: argparse.Namespace) -> int:
    """Forward until interrupted: 0; 1 if the gateway refuses or cannot be reached at first."""
    try:
        return uvloop.run(_run(parsed))
    except (Refused, OSError) as error:
        print(f"gateway listen: {error}", file=sys.stderr)
        return 1


async def _run(parsed: argparse.Namespace) -> int:
    listening = asyncio.create_task(_listen(parsed))
    on_stop(listening.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await listening
    return 0


async def _listen(parsed: argparse.Namespace) -> None:
    show = _show_json if parsed.json else _show
    async with (
        reach(*_server(parsed)) as client,
        httpx.AsyncClient(timeout=DEADLINE_SECONDS, trust_env=False) as http,
        _endpoint(client, parsed) as endpoint,
    ):
        print(_introduction(endpoint, parsed.forward_to), file=sys.stderr, flush=True)
        forwarder = Forwarder(http, parsed.forward_to, endpoint["format"])
        await _forward(Log(client, endpoint["id"]), forwarder, show)


def _server(parsed: argparse.Namespace) -> tuple[str, str]:
    """The gateway's URL and a key of it. Raises OSError, BadSetting, Refused."""
    if parsed.server is None:
        config = settings.load()
        return url_of(config), config.admin_key
    if parsed.key_file is None:
        raise Refused("--server needs --key-file, a file that holds a key of that gateway.")
    return parsed.server, parsed.key_file.read_text(encoding="utf-8").strip()


@asynccontextmanager
async def _endpoint(client: Client, parsed: argparse.Namespace) -> AsyncIterator[dict[str, Any]]:
    """The endpoint that an earlier run has kept for this URL, else a new one, gone at the end if not kept."""
    wanted = {"events": parsed.events} if parsed.events else {}
    description = _DESCRIPTION.format(parsed.forward_to)[:500]
    kept = await _kept(client, description)
    if kept is not None:
        yield await client.send("PATCH", f"/v1/endpoints/{kept}", wanted)
        return
    body = {"type": "pull", "description": description, **wanted}
    made = await client.send("POST", "/v1/endpoints", body)
    try:
        yield made
    finally:
        if not parsed.keep:
            await client.send("DELETE", f"/v1/endpoints/{made['id']}")


async def _kept(client: Client, description: str) -> str | None:
    cursor = ""
    while True:
        page = await client.send("GET", f"/v1/endpoints?limit=100{cursor}")
        for endpoint in page["data"]:
            if endpoint["type"] == "pull" and endpoint["description"] == description:
                return str(endpoint["id"])
        if page["next_cursor"] is None:
            return None
        cursor = f"&cursor={page['next_cursor']}"


async def _forward(log: Log, forwarder: Forwarder, show: Show) -> None:
    """Until cancelled; what was taken by then is acknowledged."""
    try:
        await forward(log, forwarder, show, _complain)
    finally:
        with contextlib.suppress(Refused):
            await log.acknowledge()


def _introduction(endpoint: dict[str, Any], url: str) -> str:
    secret = endpoint.get("secret")
    known = "its secret is as before" if secret is None else f"verify with {secret}"
    return f"Events of {endpoint['id']} go to {url}; {known}. Press Ctrl-C to stop."


def _complain(problem: str) -> None:
    print(f"gateway listen: {problem}", file=sys.stderr, flush=True)


def _show(attempt: Attempt) -> None:
    outcome = attempt.error if attempt.status is None else str(attempt.status)
    again = "" if attempt.taken else "  comes again"
    facts = f"{attempt.event:<24} {attempt.platform:<10} {attempt.webhook_id}"
    print(f"{outcome}  {facts}  {attempt.duration_ms} ms{again}", flush=True)


def _show_json(attempt: Attempt) -> None:
    shown = msgspec.to_builtins(attempt) | {"taken": attempt.taken}
    print(msgspec.json.encode(shown).decode(), flush=True)
