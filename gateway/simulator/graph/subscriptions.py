"""Who hears of what: `subscribed_apps` of Pages, accounts and WABAs, `subscriptions` of apps.

Meta, "Webhooks: Getting Started", "WhatsApp: Override a webhook".
"""

from typing import Any

from gateway.simulator.apps import FIELDS, App, Subscription
from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.errors import GraphError
from gateway.simulator.graph.nodes import Node
from gateway.simulator.numbers import Number, Waba
from gateway.simulator.pages import InstagramAccount, Page

CALLBACK_FAILED = 2200
DONE = {"success": True}


def _fields(call: Call, name: str, object_: str) -> frozenset[str]:
    given = call.params.get(name, "")
    fields = given if isinstance(given, list) else [part.strip() for part in str(given).split(",")]
    for number, field in enumerate(filter(None, fields)):
        if field not in FIELDS[object_]:
            known = ", ".join(FIELDS[object_])
            raise errors.messenger(
                100, message=f'Param {name}[{number}] must be one of {{{known}}} - got "{field}".'
            )
    return frozenset(filter(None, fields))


async def install(call: Call, node: Node) -> dict[str, Any]:
    """The app of the token hears of this Page or account."""
    asset: Page | InstagramAccount = node.object
    call.needs("pages_manage_metadata", "instagram_business_basic")
    fields = _fields(call, "subscribed_fields", asset.object)
    if not fields:
        raise errors.messenger(100, message="The parameter subscribed_fields is required.")
    asset.subscribed[call.token().app] = fields
    return DONE


async def installed(call: Call, node: Node) -> dict[str, Any]:
    """The apps that hear of this Page or account."""
    asset: Page | InstagramAccount = node.object
    data = [
        {"id": app_id, "name": call.meta.apps[app_id].name, "subscribed_fields": sorted(fields)}
        for app_id, fields in asset.subscribed.items()
    ]
    return {"data": data}


async def uninstall(call: Call, node: Node) -> dict[str, Any]:
    """The app of the token hears no more."""
    node.object.subscribed.pop(call.token().app, None)
    return DONE


async def install_on_waba(call: Call, node: Node) -> dict[str, Any]:
    """The app hears of this account; an override of its callback needs an earlier call without one."""
    call.needs("whatsapp_business_management")
    waba: Waba = node.object
    app_id, override = call.token().app, call.text("override_callback_uri")
    if override and app_id not in waba.subscribed:
        message = "Before override the current callback uri, your app must be subscribed to receive messages"
        raise errors.messenger(100, message=f"{message} for WhatsApp Business Account")
    if override:
        await _handshake(call, override)
    waba.subscribed[app_id] = override or None
    return DONE


async def installed_on_waba(call: Call, node: Node) -> dict[str, Any]:
    """The apps that hear of this account."""
    waba: Waba = node.object
    data = []
    for app_id, override in waba.subscribed.items():
        app = {"id": app_id, "name": call.meta.apps[app_id].name, "link": ""}
        overridden = {"override_callback_uri": override} if override else {}
        data.append({"whatsapp_business_api_data": app} | overridden)
    return {"data": data}


async def configure_number(call: Call, node: Node) -> dict[str, Any]:
    """`webhook_configuration`: the callback of one number; empty takes it back."""
    call.needs("whatsapp_business_management")
    number: Number = node.object
    configuration = call.required("webhook_configuration")
    override = str(configuration.get("override_callback_uri", ""))
    if override:
        await _handshake(call, override, str(configuration.get("verify_token", "")))
    number.override = override or None
    return DONE


async def subscribe(call: Call, node: Node) -> dict[str, Any]:
    """Webhooks of an object go to a callback, which is asked first."""
    app: App = node.object
    object_, url = str(call.required("object")), str(call.required("callback_url"))
    if object_ not in FIELDS:
        raise errors.messenger(100, message=f"Param object does not know {object_}")
    fields = _fields(call, "fields", object_)
    await _handshake(call, url)
    app.subscriptions[object_] = Subscription(callback_url=url, fields=fields)
    return DONE


async def subscribed(call: Call, node: Node) -> dict[str, Any]:
    """The callbacks of an app."""
    app: App = node.object
    data = [
        {
            "object": object_,
            "callback_url": one.callback_url,
            "active": one.active,
            "fields": [{"name": name, "version": "v25.0"} for name in sorted(one.fields)],
        }
        for object_, one in app.subscriptions.items()
    ]
    return {"data": data}


async def unsubscribe(call: Call, node: Node) -> dict[str, Any]:
    """One object, or all."""
    app: App = node.object
    for object_ in [call.text("object")] if call.text("object") else list(app.subscriptions):
        app.subscriptions.pop(object_, None)
    return DONE


async def _handshake(call: Call, url: str, verify_token: str = "") -> None:
    token = verify_token or call.text("verify_token")
    if not await call.meta.notifier.handshake(url, token):
        raise GraphError(f"(#{CALLBACK_FAILED}) Callback verification failed", CALLBACK_FAILED)
