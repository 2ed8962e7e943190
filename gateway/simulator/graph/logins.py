"""Tokens: looked at, refreshed, exchanged. Meta, "Access Tokens" and "Instagram Login: Business login"."""

from typing import Any

from gateway.simulator.clock import DAY
from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.errors import GraphError
from gateway.simulator.graph.nodes import Node
from gateway.simulator.numbers import Waba
from gateway.simulator.pages import Page
from gateway.simulator.tokens import EXPIRED, Token

SIXTY_DAYS_S = 60 * 86_400
TYPES = {"page": "PAGE", "user": "USER", "system": "SYSTEM_USER", "app": "APP", "instagram": "USER"}


async def debug(call: Call) -> dict[str, Any]:
    """What another token is worth."""
    call.token()
    token = call.meta.tokens.find(str(call.required("input_token")))
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    ended = _ended(call, token)
    facts: dict[str, Any] = {
        "app_id": token.app,
        "application": call.meta.apps[token.app].name,
        "type": TYPES[token.kind],
        "expires_at": (token.expires_ms or 0) // 1_000,
        "is_valid": ended is None,
        "scopes": sorted(token.permissions),
        "granular_scopes": _granular(call, token),
        "user_id": token.owner,
    }
    if token.kind == "page":
        facts["profile_id"] = token.owner
    if ended is not None:
        facts["error"] = {"code": 190, "subcode": ended, "message": errors.bad_token(ended, 400).message}
    return {"data": facts}


def _ended(call: Call, token: Token) -> int | None:
    if token.ended is None and token.expires_ms is not None and call.now_ms >= token.expires_ms:
        return EXPIRED
    return token.ended


def _granular(call: Call, token: Token) -> list[dict[str, Any]]:
    """For a WhatsApp token: which accounts each permission is for."""
    wabas = [waba.id for waba in call.meta.wabas.values() if waba.business == token.owner]
    targets = {"target_ids": wabas} if wabas else {}
    return [{"scope": scope} | targets for scope in sorted(token.permissions)]


async def refresh(call: Call) -> dict[str, Any]:
    """Sixty more days for a token of Instagram Login that is still good."""
    token = call.token()
    if call.text("grant_type") != "ig_refresh_token" or token.kind != "instagram":
        raise errors.messenger(100, message="Invalid grant_type")
    return _sixty_days(call, token)


async def exchange(call: Call) -> dict[str, Any]:
    """A short-lived token for a long-lived one, or an app's own token."""
    kind = call.text("grant_type")
    if kind == "client_credentials":
        return {"access_token": _app_token(call), "token_type": "bearer"}
    given = call.text("fb_exchange_token") or call.bearer
    token = call.meta.tokens.find(given)
    if kind not in ("fb_exchange_token", "ig_exchange_token") or token is None:
        raise GraphError("Invalid OAuth access token.", 190)
    return _sixty_days(call, token)


def _app_token(call: Call) -> str:
    app = call.meta.apps.get(call.text("client_id"))
    if app is None or call.text("client_secret") not in (app.secret, app.instagram_secret):
        raise GraphError("Error validating client secret.", 1)
    return app.token


def _sixty_days(call: Call, token: Token) -> dict[str, Any]:
    fresh = call.meta.tokens.add(
        Token(
            value=f"{token.value[:3]}{call.meta.chance.text(60)}",
            kind=token.kind,
            owner=token.owner,
            app=token.app,
            permissions=token.permissions,
            expires_ms=call.now_ms + 60 * DAY,
        )
    )
    return {"access_token": fresh.value, "token_type": "bearer", "expires_in": SIXTY_DAYS_S}


async def accounts(call: Call, node: Node) -> dict[str, Any]:
    """`/me/accounts`: the Pages of somebody who logged in, each with its token."""
    pages = [asset for asset in call.meta.assets.values() if isinstance(asset, Page)]
    data = [
        {
            "id": page.id,
            "name": page.name,
            "access_token": call.meta.token(page.id).value,
            "tasks": ["MESSAGING"],
        }
        for page in pages
    ]
    return {"data": data, "paging": {"cursors": {"before": "0", "after": "0"}}}


async def wabas(call: Call, node: Node) -> dict[str, Any]:
    """`/{business}/owned_whatsapp_business_accounts`."""
    call.needs("whatsapp_business_management")
    owned = [waba for waba in call.meta.wabas.values() if waba.business == node.id]
    return {"data": [_waba(waba) for waba in owned]}


def _waba(waba: Waba) -> dict[str, Any]:
    return {"id": waba.id, "name": waba.name, "currency": "EUR", "timezone_id": "1"}
