"""A Meta that runs on this machine: serve it, or post one signed webhook of a kind to your own callback.

`gateway simulate` serves the Graph API with a Page, an Instagram account, a WhatsApp number and anna, who
writes to them; GET /_simulator shows their ids and tokens. `gateway simulate whatsapp text --to-url …
--secret …` posts one webhook and prints the answer.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

import uvloop
from msgspec import Struct

from gateway.cli.server import PortTaken, listen, on_stop, url_of
from gateway.simulator import KINDS, Acts, Meta, Refused, serving
from gateway.simulator.notifier import Notification
from gateway.simulator.people import Asset

PORT = 8090
MISUSED = 2
SOMEBODY = "anna"

ASSETS: dict[str, Callable[[Meta, str], Asset]] = {
    "facebook": Meta.add_page,
    "instagram": Meta.add_instagram_account,
    "whatsapp": Meta.add_number,
}


class Wanted(Struct, frozen=True, kw_only=True):
    """One webhook that is to be posted."""

    platform: str
    kind: str
    to_url: str
    secret: str
    sender: str
    page: str
    seed: int | None
    given: dict[str, Any]


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway simulate` takes."""
    parser.add_argument("platform", nargs="?", default="serve", choices=["serve", *KINDS], metavar="PLATFORM")
    parser.add_argument("kind", nargs="?", metavar="KIND", help="what happens; --list shows what there is")
    parser.add_argument("--list", action="store_true", help="print the kinds of webhooks")
    parser.add_argument("--to-url", default="", help="your callback; {platform} is filled in")
    parser.add_argument("--secret", default="", help="the app secret to sign with")
    parser.add_argument("--verify-token", default="", help="serve: ask the callback first, as Meta does")
    parser.add_argument("--from", dest="sender", default="", help="the PSID, IGSID or phone of the person")
    parser.add_argument("--page", default="", help="the Page, Instagram account or phone_number_id")
    parser.add_argument("--text", help="what the person says")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="whatever else the kind takes"
    )
    parser.add_argument("--seed", type=int, help="makes ids repeatable")
    parser.add_argument("--host", default="127.0.0.1", help="serve: the address to listen on")
    parser.add_argument("--port", type=int, default=PORT, help=f"serve: the port, {PORT} if not given")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(parsed: argparse.Namespace) -> int:
    """Serve until interrupted, post one webhook, or list the kinds; 1 if the callback did not say 200."""
    if parsed.list:
        return _list(parsed)
    if parsed.platform == "serve":
        return uvloop.run(_serve(parsed))
    try:
        wanted = _wanted(parsed)
    except ValueError as error:
        print(f"gateway: {error}", file=sys.stderr)
        return MISUSED
    return _show(parsed, uvloop.run(post(wanted)))


def _list(parsed: argparse.Namespace) -> int:
    if parsed.json:
        print(json.dumps({platform: sorted(kinds) for platform, kinds in KINDS.items()}))
        return 0
    for platform, kinds in KINDS.items():
        for name in sorted(kinds):
            meaning = (kinds[name].build.__doc__ or "").splitlines()[0]
            print(f"{platform:<10} {name:<22} {meaning}")
    return 0


def _wanted(parsed: argparse.Namespace) -> Wanted:
    """Raises ValueError for what does not make one webhook."""
    if parsed.kind not in KINDS[parsed.platform]:
        raise ValueError(
            f"there is no {parsed.platform} webhook “{parsed.kind}”; --list shows what there is."
        )
    if not parsed.secret or not parsed.to_url:
        raise ValueError("--to-url and --secret say where the webhook goes and what it is signed with.")
    pairs = [pair.partition("=") for pair in parsed.set]
    if not all(sign for _, sign, _ in pairs):
        raise ValueError("--set takes NAME=VALUE.")
    given: dict[str, Any] = {name: value for name, _, value in pairs}
    return Wanted(
        platform=parsed.platform,
        kind=parsed.kind,
        to_url=parsed.to_url.replace("{platform}", parsed.platform),
        secret=parsed.secret,
        sender=parsed.sender,
        page=parsed.page,
        seed=parsed.seed,
        given=given | ({"text": parsed.text} if parsed.text is not None else {}),
    )


async def post(wanted: Wanted) -> Notification:
    """One webhook, with the callback's answer in it."""
    meta = Meta(seed=wanted.seed, secret=wanted.secret)
    asset = ASSETS[wanted.platform](meta, wanted.page)
    person = meta.add_person(SOMEBODY, phone=wanted.sender if wanted.platform == "whatsapp" else "")
    if wanted.sender:
        person.scoped[asset.id] = wanted.sender
    await meta.subscribe(wanted.platform, wanted.to_url)
    try:
        return (await Acts(meta).does(SOMEBODY, asset.id, wanted.kind, **wanted.given))[0]
    finally:
        await meta.notifier.close()


def _show(parsed: argparse.Namespace, notification: Notification) -> int:
    facts = {"platform": parsed.platform, "kind": parsed.kind, "url": notification.url}
    status = notification.status
    if parsed.json:
        print(json.dumps(facts | {"status": status, "body": json.loads(notification.body)}))
    else:
        print(f"→ {parsed.platform} {parsed.kind}, {len(notification.body)} bytes: {status or 'no answer'}")
    return 0 if status == 200 else 1


async def _serve(parsed: argparse.Namespace) -> int:
    meta = Meta(seed=parsed.seed, secret=parsed.secret)
    assets = (meta.add_page(parsed.page), meta.add_instagram_account(), meta.add_number())
    meta.add_person(SOMEBODY)
    try:
        listener = listen(parsed.host, parsed.port)
        for platform in KINDS if parsed.to_url else ():
            url = parsed.to_url.replace("{platform}", platform)
            await meta.subscribe(platform, url, parsed.verify_token)
    except (PortTaken, Refused) as error:
        print(f"gateway: {error}.", file=sys.stderr)
        return 1
    stopped = asyncio.Event()
    on_stop(stopped.set)
    async with serving(meta, listener):
        shown = {
            asset.platform: {"id": asset.id, "access_token": meta.token(asset.id).value} for asset in assets
        }
        _introduce(url_of(listener), shown, as_json=parsed.json)
        await stopped.wait()
    return 0


def _introduce(url: str, assets: dict[str, dict[str, str]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"url": url, "assets": assets}), flush=True)
        return
    print(f"A simulated Meta is running.\n\n  Graph API  {url}/v25.0\n  control    {url}/_simulator\n")
    for platform, asset in assets.items():
        print(f"  {platform:<10} {asset['id']:<18} token {asset['access_token']}")
    print("\nSomebody called anna is there. Press Ctrl-C to stop.", flush=True)
