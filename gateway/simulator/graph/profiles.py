"""`GET /{psid}` and `GET /{igsid}`: who somebody is, as far as they let the business know.

Meta, "Messenger Platform: User Profile API", "Instagram Messaging: User Profile API".
"""

import hashlib
from typing import Any

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.fields import parse
from gateway.simulator.graph.nodes import Node
from gateway.simulator.pages import InstagramAccount
from gateway.simulator.people import Asset, Person

DEFAULT = "first_name,last_name,profile_pic,id"
EXTRA = {"locale": "pages_user_locale", "timezone": "pages_user_timezone", "gender": "pages_user_gender"}
PICTURE_LIFE_S = 3 * 86_400


async def show(call: Call, node: Node) -> dict[str, Any]:
    """The profile; `{}` for somebody on Messenger who never wrote, or who has blocked the Page."""
    asset, person = node.object
    thread = call.meta.threads.of(asset, person)
    known = thread.last_inbound_ms is not None and asset.id not in person.blocks
    if isinstance(asset, InstagramAccount):
        call.needs("instagram_business_manage_messages", "instagram_manage_messages")
        if not known:
            raise errors.messenger(230)
        return _picked(call, _instagram(call, person), node.id)
    if not call.token().permissions & {"pages_messaging"}:
        raise errors.messenger(100, 2018247)
    return _picked(call, _messenger(call, asset, person), node.id) if known else {}


def _picked(call: Call, profile: dict[str, Any], id: str) -> dict[str, Any]:
    """The fields that were asked for, and the id, which is always there."""
    wanted = parse(call.text("fields", DEFAULT))
    for name in wanted:
        if name not in profile and name != "id":
            raise errors.messenger(100, message=f"Tried accessing nonexisting field ({name})")
    denied = {name for name in wanted if EXTRA.get(name, "") not in {"", *call.token().permissions}}
    if denied and call.meta.manner.denied_fields == "refused":
        raise errors.messenger(100, 2018247)
    shown = {name: profile[name] for name in wanted if name not in ("id", *denied)}
    return {name: value for name, value in shown.items() if value is not None} | {"id": id}


def _messenger(call: Call, asset: Asset, person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "profile_pic": picture(call, person),
        "locale": person.locale,
        "timezone": person.timezone,
        "gender": person.gender,
        "is_payment_enabled": False,
        "last_ad_referral": call.meta.ad_referrals.get((asset.id, person.key)),
    }


def _instagram(call: Call, person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "username": person.username or person.key,
        "profile_pic": picture(call, person),
        "follower_count": 321,
        "is_user_follow_business": True,
        "is_business_follow_user": False,
        "is_verified_user": False,
    }


def picture(call: Call, person: Person) -> str:
    """An address that expires; the name of the file in it is the picture's, whoever asks and whenever."""
    digest = hashlib.sha256(person.key.encode()).digest()
    asset = "_".join(str(int.from_bytes(digest[at : at + 6], "big") + 10**9) for at in (0, 6, 12))
    expiry = call.now_ms // 1_000 + PICTURE_LIFE_S
    hashed = call.meta.chance.text(20)
    return f"{call.base_url}/v/t39.30808-1/{asset}_n.png?person={person.key}&oe={expiry}&oh={hashed}"
