"""Decode stored events again with the parsers of this version, and watch how far that has come."""

import argparse
import json
import sys
from typing import Any

import uvloop

from gateway import settings
from gateway.cli.client import Refused, connect
from gateway.cli.progress import followed
from gateway.cli.replay import moment

PATH = "/v1/renormalisations"
_FIELDS = ("since", "until", "event", "platform", "page_id", "rate", "dry_run")
"""What goes into the request under the name that it has here."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway renormalise` takes."""
    when = "such as 2h or 3d ago, Unix seconds, or 2026-01-31T12:00:00Z"
    parser.add_argument("--since", type=moment, required=True, metavar="TIME", help=when)
    parser.add_argument("--until", type=moment, metavar="TIME", help="the same; now if not said")
    parser.add_argument("--event", help="what they are now: a name or `family.*`")
    parser.add_argument("--platform")
    parser.add_argument("--page", dest="page_id", metavar="PAGE_ID")
    parser.add_argument("--customer", metavar="CUSTOMER_ID", help="only what this customer alone has")
    parser.add_argument("--rate", type=int, help="events changed per second")
    parser.add_argument("--dry-run", action="store_true", default=None, help="only count")
    parser.add_argument("--json", action="store_true", help="print the last answer as JSON")


def run(parsed: argparse.Namespace) -> int:
    """Begin and follow it: 0 if it came to its end, 1 if it was refused or cancelled."""
    options = vars(parsed)
    fields = {name: options[name] for name in _FIELDS if options[name] is not None}
    try:
        answer = uvloop.run(_renormalise(fields, parsed.customer))
    except Refused as error:
        print(f"gateway renormalise: {error}", file=sys.stderr)
        return 1
    print(json.dumps(answer, indent=2) if parsed.json else _summary(answer))
    return 1 if answer["state"] == "cancelled" else 0


async def _renormalise(fields: dict[str, Any], customer_id: str | None) -> dict[str, Any]:
    query = "" if customer_id is None else f"?customer_id={customer_id}"
    async with connect(settings.load()) as client:
        answer = dict(await client.send("POST", PATH + query, fields))
        return await followed(client, PATH, answer, "examined") if client.served else answer


def _summary(answer: dict[str, Any]) -> str:
    if answer["state"] == "running":
        return f"{answer['id']} begins when the gateway starts: {answer['matched']} elements match."
    would = "would be " if answer["dry_run"] else ""
    return (
        f"{answer['id']} is {answer['state']}: {answer['examined']} of {answer['matched']} elements decoded,"
        f" {answer['revised']} events {would}revised, {answer['added']} {would}added."
    )
