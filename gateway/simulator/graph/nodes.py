"""What an id in a path is, and whether the token may know of it."""

from typing import Any

from msgspec import Struct

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.meta import Meta
from gateway.simulator.numbers import Number
from gateway.simulator.pages import InstagramAccount, Page
from gateway.simulator.people import Asset
from gateway.simulator.tokens import Token


class Node(Struct, frozen=True):
    """An object of the graph."""

    kind: str
    """`page instagram number waba business app user person asid thread message media`."""
    id: str
    object: Any


def find(call: Call, id: str) -> Node:
    """The object, as far as the token of the call may see it. Raises GraphError."""
    token = call.token()
    node = _me(call.meta, token) if id == "me" else _named(call.meta, token, id, call.now_ms)
    if node is None:
        raise errors.unknown_object(call.method, id)
    return node


def own_assets(meta: Meta, token: Token) -> list[Asset]:
    """The Pages, accounts and numbers that a token speaks for."""
    return [asset for asset in meta.assets.values() if _speaks_for(token, asset)]


def _speaks_for(token: Token, asset: Asset) -> bool:
    if isinstance(asset, Number):
        return token.kind == "system" and token.owner == asset.business
    if isinstance(asset, InstagramAccount) and asset.page:
        return token.owner == asset.page
    return token.owner == asset.id


def _me(meta: Meta, token: Token) -> Node | None:
    if token.kind in ("page", "instagram"):
        return Node(token.kind, token.owner, meta.assets[token.owner])
    return Node("user", token.owner, None) if token.kind in ("user", "system") else None


def _named(meta: Meta, token: Token, id: str, now_ms: int) -> Node | None:
    if token.kind == "app":
        return _of_app(meta, token, id)
    assets = own_assets(meta, token)
    for asset in assets:
        if id == asset.id or (isinstance(asset, InstagramAccount) and id == asset.login_id):
            return Node(_kind(asset), asset.id, asset)
    return _of_business(meta, token, id) or _of_assets(meta, assets, id, now_ms)


def _kind(asset: Asset) -> str:
    if isinstance(asset, Number):
        return "number"
    return "page" if isinstance(asset, Page) else "instagram"


def _of_app(meta: Meta, token: Token, id: str) -> Node | None:
    if id in ("app", token.owner):
        return Node("app", token.owner, meta.apps[token.owner])
    person = meta.people.with_asid(token.owner, id)
    return Node("asid", id, person) if person else None


def _of_business(meta: Meta, token: Token, id: str) -> Node | None:
    if token.kind == "system" and id == token.owner:
        return Node("business", id, None)
    waba = meta.wabas.get(id)
    return Node("waba", id, waba) if waba and waba.business == token.owner else None


def _of_assets(meta: Meta, assets: list[Asset], id: str, now_ms: int) -> Node | None:
    """People, conversations, messages and files of the assets."""
    ids = {asset.id for asset in assets}
    for asset in assets:
        if not isinstance(asset, Number) and (person := meta.people.with_scoped_id(asset, id)):
            return Node("person", id, (asset, person))
    medium = meta.shelf.find(id, now_ms)
    if medium and medium.asset in ids:
        return Node("media", id, medium)
    for thread in meta.threads:
        if thread.asset in ids and thread.id == id:
            return Node("thread", id, thread)
    found = meta.threads.message(id)
    return Node("message", id, found) if found and found[0].asset in ids else None
