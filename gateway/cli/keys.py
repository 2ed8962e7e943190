"""Make fresh secrets, go over to a new encryption key, and list, create or revoke customers' API keys."""

import argparse
import base64
import json
import os
import secrets
import sys
from typing import Any

import uvloop

from gateway import settings
from gateway.app import open_store
from gateway.cli.client import Refused, connect
from gateway.settings import BadSetting, Settings
from gateway.store.base import StoreUnavailable

ROTATED = (
    "Leave only the first key in GATEWAY_ENCRYPTION_KEY: nothing in the store needs the old one any more. "
    "Backups from before this do."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway keys` takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("new", help="print fresh settings: admin key, verify token, encryption key")
    actions.add_parser("rotate", help="seal all stored secrets under the first key of GATEWAY_ENCRYPTION_KEY")
    create = actions.add_parser("create", help="make a customer's API key; it is shown once")
    create.add_argument("--customer", default="default", metavar="ID")
    create.add_argument("--name", default="", help="what it is for")
    create.add_argument("--scopes", default="read,write,send", help="comma list of read, write, send, admin")
    listing = actions.add_parser("list", help="list a customer's API keys")
    listing.add_argument("--customer", default="default", metavar="ID")
    revoke = actions.add_parser("revoke", help="end an API key at once")
    revoke.add_argument("--customer", default="default", metavar="ID")
    revoke.add_argument("key", metavar="KEY_ID")


def run(parsed: argparse.Namespace) -> int:
    """Do one of them."""
    if parsed.action == "new":
        sys.stdout.write(fresh())
        return 0
    try:
        answer = uvloop.run(rotate(settings.load()) if parsed.action == "rotate" else _ask(parsed))
    except (Refused, StoreUnavailable) as error:
        print(f"gateway keys: {error}", file=sys.stderr)
        return 1
    print(json.dumps(answer, indent=2))
    return 0


def fresh() -> str:
    """Lines for an environment file, with values nobody has used; app secrets come from Meta."""
    values = fresh_values()
    del values["app_secrets"]
    return "".join(f"GATEWAY_{name.upper()}={value}\n" for name, value in values.items())


def fresh_values() -> dict[str, str]:
    """All secrets that a gateway needs, by the names of its settings."""
    return {
        "admin_key": secrets.token_urlsafe(32),
        "app_secrets": secrets.token_hex(16),
        "verify_token": secrets.token_urlsafe(16),
        "encryption_key": base64.b64encode(os.urandom(32)).decode(),
    }


async def rotate(config: Settings) -> dict[str, Any]:
    """Seal everything under the first key; no server may run meanwhile.

    Raises BadSetting where there is no older key, StoreInUse, WrongEncryptionKey.
    """
    if len(config.encryption_key) == 1:
        raise BadSetting(
            "GATEWAY_ENCRYPTION_KEY holds one key. To go over to a new one, put it first: `new,old`; "
            "`python -m gateway keys new` prints one"
        )
    store = open_store(config)
    await store.open()
    try:
        resealed = await store.reseal()
    finally:
        await store.close()
    return {"resealed": resealed, "next": ROTATED}


async def _ask(parsed: argparse.Namespace) -> Any:
    path = f"/v1/customers/{parsed.customer}/keys"
    async with connect(settings.load()) as client:
        if parsed.action == "create":
            scopes = [scope for scope in parsed.scopes.split(",") if scope]
            return await client.send("POST", path, {"name": parsed.name, "scopes": scopes})
        if parsed.action == "revoke":
            await client.send("DELETE", f"{path}/{parsed.key}")
            return {"id": parsed.key, "revoked": True}
        return await client.send("GET", path)
