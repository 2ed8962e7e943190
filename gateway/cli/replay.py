"""Send an endpoint what it missed, and watch how far that has come."""

import argparse
import json
import re
import sys
import time
from datetime import datetime
from typing import Any

import uvloop

from gateway import settings
from gateway.cli.client import Refused, connect
from gateway.cli.progress import followed

PATH = "/v1/replays"
_FIELDS = (
    *("endpoint_id", "since", "until", "events", "platform", "page_id", "conversation_id"),
    *("state", "rate", "unrouted", "dry_run"),
)
"""What goes into the request under the name that it has here."""
_AGO = re.compile(r"([0-9]{1,9})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway replay` takes."""
    when = "such as 2h or 3d ago, Unix seconds, or 2026-01-31T12:00:00Z"
    parser.add_argument("endpoint_id", metavar="ENDPOINT_ID")
    parser.add_argument("--since", type=moment, required=True, metavar="TIME", help=when)
    parser.add_argument("--until", type=moment, metavar="TIME", help="the same; now if not said")
    parser.add_argument("--event", dest="events", action="append", help="a name or `family.*`; repeatable")
    parser.add_argument("--platform")
    parser.add_argument("--page", dest="page_id", metavar="PAGE_ID")
    parser.add_argument("--conversation", dest="conversation_id", metavar="CONVERSATION_ID")
    parser.add_argument("--state", choices=("missing", "dead", "all"), help="missing if not said")
    parser.add_argument("--rate", type=int, help="deliveries per second")
    parser.add_argument("--unrouted", action="store_true", default=None, help="what waited for --page")
    parser.add_argument("--dry-run", action="store_true", default=None, help="only count")
    parser.add_argument("--json", action="store_true", help="print the last answer as JSON")


def run(parsed: argparse.Namespace) -> int:
    """Begin and follow it: 0 if it came to its end, 1 if it was refused or cancelled."""
    options = vars(parsed)
    fields = {name: options[name] for name in _FIELDS if options[name] is not None}
    try:
        answer = uvloop.run(_replay(fields))
    except Refused as error:
        print(f"gateway replay: {error}", file=sys.stderr)
        return 1
    print(json.dumps(answer, indent=2) if parsed.json else _summary(answer))
    return 1 if answer.get("state") == "cancelled" else 0


def moment(text: str) -> int:
    """Unix seconds; a time without a zone is local. Raises ValueError, which argparse reports as misuse."""
    if ago := _AGO.fullmatch(text):
        return int(time.time()) - int(ago[1]) * _UNITS[ago[2]]
    return int(text) if text.isdecimal() else int(datetime.fromisoformat(text).timestamp())


async def _replay(fields: dict[str, Any]) -> dict[str, Any]:
    async with connect(settings.load()) as client:
        answer = dict(await client.send("POST", PATH, fields))
        return await followed(client, PATH, answer, "done") if client.served and "id" in answer else answer


def _summary(answer: dict[str, Any]) -> str:
    if "id" not in answer:
        return f"{answer['matched']} events match."
    if answer["state"] == "running":
        return f"{answer['id']} begins when the gateway starts: {answer['matched']} events match."
    return (
        f"{answer['id']} is {answer['state']}: {answer['done']} of {answer['matched']} deliveries made due."
    )
