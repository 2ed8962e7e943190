"""`GET` on a Page, an account, a number, a WABA: the few fields that a messaging app asks for."""

from typing import Any

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.fields import parse
from gateway.simulator.graph.nodes import Node
from gateway.simulator.numbers import Number, Waba
from gateway.simulator.pages import InstagramAccount, Page


def _picked(call: Call, facts: dict[str, Any], default: str) -> dict[str, Any]:
    wanted = parse(call.text("fields", default))
    for name in wanted:
        if name not in facts:
            raise errors.messenger(100, message=f"Tried accessing nonexisting field ({name})")
    return {name: facts[name] for name in wanted if facts[name] is not None} | {"id": facts["id"]}


async def page(call: Call, node: Node) -> dict[str, Any]:
    """A Page, and the Instagram account that is linked to it."""
    one: Page = node.object
    linked = {"id": one.instagram} if one.instagram else None
    features = {"hop_v2": True, "msgr_multi_app": True, "ig_multi_app": True}
    facts = {
        "id": one.id,
        "name": one.name,
        "instagram_business_account": linked,
        "messaging_feature_status": features,
    }
    return _picked(call, facts, "id,name")


async def instagram(call: Call, node: Node) -> dict[str, Any]:
    """An account. Instagram Login calls the id of webhooks `user_id`; its `id` is another one."""
    one: InstagramAccount = node.object
    facts = {
        "id": one.id if one.page else one.login_id,
        "user_id": one.id,
        "username": one.username,
        "name": one.name,
        "account_type": "BUSINESS",
    }
    return _picked(call, facts, "id")


async def number(call: Call, node: Node) -> dict[str, Any]:
    """A number, and where its webhooks go."""
    one: Number = node.object
    callbacks = {
        "phone_number": one.override,
        "whatsapp_business_account": one.waba.subscribed.get(call.token().app),
    }
    facts = _number(one) | {"webhook_configuration": {name: url for name, url in callbacks.items() if url}}
    return _picked(call, facts, "verified_name,display_phone_number,quality_rating,id")


def _number(one: Number) -> dict[str, Any]:
    return {
        "id": one.id,
        "verified_name": one.name,
        "display_phone_number": f"+{one.display}",
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
    }


async def waba(call: Call, node: Node) -> dict[str, Any]:
    """A WhatsApp Business Account and who owns it."""
    one: Waba = node.object
    facts = {"id": one.id, "name": one.name, "owner_business_info": {"id": one.business, "name": one.name}}
    return _picked(call, facts, "id,name")


async def phone_numbers(call: Call, node: Node) -> dict[str, Any]:
    """The numbers of a WABA."""
    one: Waba = node.object
    numbers = [asset for asset in call.meta.assets.values() if isinstance(asset, Number)]
    return {"data": [_number(each) for each in numbers if each.waba.id == one.id]}
