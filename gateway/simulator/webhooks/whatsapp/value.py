"""The `value` of a change: which number, which person, and what happened."""

from typing import Any

from gateway.simulator.webhooks.element import Element
from gateway.simulator.webhooks.scene import Scene


def change(field: str, value: dict[str, Any], *, timed: bool = True) -> Element:
    """An entry of `changes`. Only account and template fields have `entry.time`."""
    body = {"value": value, "field": field}
    return Element(field=field, container="changes", body=body, seconds=True, timed=timed)


def of_number(scene: Scene, field: str, **content: Any) -> Element:
    """About one of our numbers: what every field of the messaging group begins with."""
    metadata = {"display_phone_number": scene.number.display, "phone_number_id": scene.number.id}
    return change(field, {"messaging_product": "whatsapp", "metadata": metadata} | content, timed=False)


def contact(scene: Scene) -> dict[str, Any]:
    """The person in `contacts`: the phone only where the business may see it."""
    profile: dict[str, Any] = {"name": scene.person.name}
    if scene.person.username:
        profile["username"] = f"@{scene.person.username}"
    phone = {} if scene.person.hides_phone else {"wa_id": scene.person.phone}
    identity = {"identity_key_hash": scene.person.identity} if scene.number.checks_identity else {}
    return {"profile": profile, **phone, "user_id": bsuid(scene), **identity}


def bsuid(scene: Scene) -> str:
    """The business-scoped id of the person."""
    return scene.people.bsuid(scene.person, scene.number)


def sender(scene: Scene) -> dict[str, str]:
    """`from` and `from_user_id`."""
    phone = {} if scene.person.hides_phone else {"from": scene.person.phone}
    return {**phone, "from_user_id": bsuid(scene)}


def recipient(scene: Scene) -> dict[str, str]:
    """`to` and `to_user_id`."""
    phone = {} if scene.person.hides_phone else {"to": scene.person.phone}
    return {**phone, "to_user_id": bsuid(scene)}
