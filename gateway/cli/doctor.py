"""Look at every account as Meta sees it, and say what is wrong and what mends it.

`--fix` subscribes, and the gateway then fetches what was missed.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import Any

import httpx
import uvloop

from gateway import settings
from gateway.cli.accounts import PATH, listed
from gateway.cli.client import Client, Refused, connect
from gateway.settings import Settings

CHALLENGE = "1158201444"
TIMEOUT_SECONDS = 10.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway doctor` takes."""
    parser.add_argument("--fix", action="store_true", help="subscribe the app where it is not subscribed")
    parser.add_argument("--customer", metavar="ID", help="only this customer's accounts")
    parser.add_argument("--json", action="store_true", help="print all findings as JSON")


def run(parsed: argparse.Namespace) -> int:
    """0 if all is well, 1 if something is wrong."""
    try:
        report = uvloop.run(_examine(settings.load(), parsed))
    except Refused as error:
        print(f"gateway doctor: {error}", file=sys.stderr)
        return 1
    print(json.dumps(report, indent=2) if parsed.json else _text(report))
    healthy = all(one["healthy"] for one in report["accounts"])
    return 0 if healthy and not report["gateway"] else 1


async def _examine(config: Settings, parsed: argparse.Namespace) -> dict[str, Any]:
    async with connect(config) as client:
        accounts = await listed(client, parsed.customer)
        return {
            "gateway": await _reachable(config),
            "accounts": [await _account(client, account["id"], fix=parsed.fix) for account in accounts],
        }


async def _account(client: Client, account_id: str, *, fix: bool) -> dict[str, Any]:
    health = dict(await client.send("GET", f"{PATH}/{account_id}/health"))
    if fix and any(finding["fixable"] for finding in health["findings"]):
        health = dict(await client.send("POST", f"{PATH}/{account_id}/subscribe"))
    return health


async def _reachable(config: Settings) -> list[dict[str, str]]:
    """Whether Meta's handshake comes through where the gateway is said to be."""
    if config.public_url is None:
        return []
    url = f"{config.public_url.rstrip('/')}/webhooks/facebook"
    query = {"hub.mode": "subscribe", "hub.challenge": CHALLENGE, "hub.verify_token": config.verify_token}
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as http:
            answer = await http.get(url, params=query)
    except httpx.HTTPError as error:
        said = type(error).__name__
    else:
        if answer.text == CHALLENGE:
            return []
        said = f"HTTP {answer.status_code}"
    remedy = "Is the gateway running, and does the proxy in front of it pass /webhooks/ through?"
    detail = f"{url} does not answer as it should: {said}"
    return [{"code": "not_reachable", "detail": detail, "remedy": remedy}]


def _text(report: dict[str, Any]) -> str:
    lines = [_finding(one) for one in report["gateway"]]
    for account in report["accounts"]:
        state = "well" if account["healthy"] else "not well"
        lines.append(f"{account['platform']} {account['page_id']}: {state}")
        lines += [_finding(one) for one in account["findings"]]
        if account["fetching_since"] is not None:
            since = datetime.fromtimestamp(account["fetching_since"], UTC)
            lines.append(f"  what no webhook has brought since {since:%Y-%m-%d %H:%M} UTC is being fetched")
    return "\n".join(lines) or "There are no accounts."


def _finding(one: dict[str, Any]) -> str:
    return f"  {one['code']}: {one['detail']}\n    -> {one['remedy']}"
