"""List accounts, and connect all that a Meta login or system user speaks for."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import uvloop

from gateway import settings
from gateway.cli.client import Client, Refused, connect
from gateway.cli.replay import moment

AT_ONCE = 25
"""Accounts in one request: each takes a few calls to Meta."""
PATH = "/v1/accounts"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway accounts` takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list the connected accounts")
    listing.add_argument("--customer", metavar="ID", help="only this customer's")
    backfill = actions.add_parser("backfill", help="fetch the messages that no webhook has brought")
    backfill.add_argument("account", metavar="ACCOUNT_ID")
    backfill.add_argument("--since", type=moment, required=True, metavar="TIME", help="such as 6h ago")
    imports = actions.add_parser("import", help="connect what a token speaks for, and subscribe to it")
    imports.add_argument("token", metavar="FILE", help="the file with the access token; `-` is the input")
    imports.add_argument("--customer", metavar="ID", help="who will own them; `default` if not said")
    imports.add_argument("--business", metavar="ID", help="look for WhatsApp accounts in this business too")
    imports.add_argument("--platform", action="append", help="only this platform; can be repeated")
    imports.add_argument("--page", action="append", metavar="ID", help="only this one; can be repeated")
    imports.add_argument("--dry-run", action="store_true", help="only show what there is")
    imports.add_argument("--json", action="store_true", help="print the results as JSON")


def run(parsed: argparse.Namespace) -> int:
    """Do one of them; 1 if anything failed."""
    try:
        if parsed.action == "list":
            print(json.dumps(uvloop.run(_list(parsed.customer)), indent=2))
            return 0
        if parsed.action == "backfill":
            print(json.dumps(uvloop.run(_backfill(parsed.account, parsed.since)), indent=2))
            return 0
        results = uvloop.run(_import(parsed, _token(parsed.token)))
    except (OSError, Refused) as error:
        print(f"gateway accounts: {error}", file=sys.stderr)
        return 1
    print(json.dumps(results, indent=2) if parsed.json else "\n".join(map(_line, results)))
    return 1 if any(one["code"] for one in results) else 0


def _token(source: str) -> str:
    """Never an argument: arguments are seen by everybody on the machine. Raises OSError."""
    return (sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")).strip()


async def _list(customer: str | None) -> list[dict[str, Any]]:
    async with connect(settings.load()) as client:
        return await listed(client, customer)


async def listed(client: Client, customer: str | None) -> list[dict[str, Any]]:
    """All accounts, or one customer's. Raises Refused."""
    query = "" if customer is None else f"&customer_id={customer}"
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await client.send("GET", f"{PATH}?limit=100{query}{cursor}")
        found += page["data"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def _backfill(account_id: str, since: int) -> dict[str, int]:
    """Step by step; a run that broke off is begun anew and finds what it has stored."""
    total = {"stored": 0, "duplicates": 0}
    body: dict[str, Any] = {"since": since}
    async with connect(settings.load()) as client:
        while True:
            step = await client.send("POST", f"{PATH}/{account_id}/backfill", body)
            total = {name: count + step[name] for name, count in total.items()}
            if step["next_cursor"] is None:
                return total
            body["cursor"] = step["next_cursor"]


async def _import(parsed: argparse.Namespace, token: str) -> list[dict[str, Any]]:
    options = {
        "access_token": token,
        "customer_id": parsed.customer,
        "business_id": parsed.business,
        "platforms": parsed.platform,
        "page_ids": parsed.page,
    }
    body = {name: value for name, value in options.items() if value is not None}
    async with connect(settings.load()) as client:
        found = (await client.send("POST", f"{PATH}/import", body | {"dry_run": True}))["data"]
        return list(found) if parsed.dry_run else await _connect(client, body, found)


async def _connect(client: Client, body: dict[str, Any], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A few at a time, so that what is done is done if the next ones fail."""
    results: list[dict[str, Any]] = []
    ids = list(dict.fromkeys(one["page_id"] for one in found))
    for start in range(0, len(ids), AT_ONCE):
        chosen = body | {"page_ids": ids[start : start + AT_ONCE]}
        results += (await client.send("POST", f"{PATH}/import", chosen))["data"]
    return results


def _line(one: dict[str, Any]) -> str:
    result = f"{one['result']:<9} {one['platform']:<9} {one['page_id']:<18} {one['name'] or ''}"
    return f"{result}  {one['detail']}" if one["detail"] else result.rstrip()
