"""Erase a person, by any of their identities, at all customers; physically and for good."""

import argparse
import asyncio
import json
import sys
from typing import Any

import uvloop

from adapters import ADAPTERS
from gateway import settings
from gateway.cli.client import Client, Refused, connect

PATH = "/v1/erasures"
KINDS = ("psid", "igsid", "wa_id", "phone", "bsuid", "parent_bsuid", "user_ref", "asid")
_LOOK_SECONDS = 0.2


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway erase` takes."""
    parser.add_argument("--platform", choices=tuple(ADAPTERS), required=True)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--identity", dest="value", required=True, metavar="VALUE")
    parser.add_argument(
        "--scope", default="", help="the Page or Instagram account, the app for asid, the WABA on WhatsApp"
    )
    parser.add_argument("--json", action="store_true", help="print the last answer as JSON")


def run(parsed: argparse.Namespace) -> int:
    """Begin and follow it: 0 if the person is gone or waited for, 1 if it was refused."""
    fields = {name: getattr(parsed, name) for name in ("platform", "kind", "value", "scope")}
    try:
        answer = uvloop.run(_erase(fields))
    except Refused as error:
        print(f"gateway erase: {error}", file=sys.stderr)
        return 1
    print(json.dumps(answer, indent=2) if parsed.json else _summary(answer))
    return 0


async def _erase(fields: dict[str, str]) -> dict[str, Any]:
    async with connect(settings.load()) as client:
        answer = dict(await client.send("POST", PATH, fields))
        while answer["state"] == "running":
            await _carry_on(client)
            answer = dict(await client.send("GET", f"{PATH}/{answer['code']}"))
        return answer


async def _carry_on(client: Client) -> None:
    """The server does it; without one, this process."""
    if client.served:
        await asyncio.sleep(_LOOK_SECONDS)
    else:
        await client.erase()


def _summary(answer: dict[str, Any]) -> str:
    if answer["state"] == "parked":
        return (
            f"{answer['code']}: {answer['events']} events erased so far. It goes on once Meta has told the"
            " person's other ids, or somebody is known under this one."
        )
    return f"{answer['code']}: erased, with {answer['events']} events."
