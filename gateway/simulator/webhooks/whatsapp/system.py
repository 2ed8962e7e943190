"""People who change: their number, their BSUID, their security code."""

from gateway.simulator.webhooks.element import Element, family
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import bsuid, of_number


def _system(scene: Scene, sender: str | None, **system: object) -> Element:
    who = {"from": sender} if sender else {}
    stamp = {"id": scene.new_id(), "timestamp": scene.seconds, "type": "system"}
    return of_number(scene, "messages", messages=[who | stamp | {"system": system}])


def number_changed(scene: Scene) -> Element:
    """Another phone: `old_phone` was the former one, `old_user_id` the former BSUID."""
    old = scene.say("old_phone", scene.chance.digits(11))
    body = f"User {scene.person.name} changed from {old} to {scene.person.phone}"
    return _system(
        scene,
        old,
        type="user_changed_number",
        body=body,
        wa_id=scene.person.phone,
        user_id=bsuid(scene),
        previous_user_id=scene.say("old_user_id", f"US.{scene.chance.digits(20)}"),
    )


def user_id_changed(scene: Scene) -> Element:
    """The same where the phone may not be shown: only the BSUIDs."""
    old = scene.say("old_user_id", f"US.{scene.chance.digits(20)}")
    new = bsuid(scene)
    body = f"User {scene.person.name} changed from {old} to {new}"
    return _system(scene, None, type="user_changed_user_id", body=body, user_id=new, previous_user_id=old)


def security_code(scene: Scene) -> Element:
    """Another device: the identity hash is a new one."""
    made = _system(scene, scene.person.phone, type="customer_identity_changed", body="User identity changed")
    identity = {"acknowledged": True, "created_timestamp": scene.seconds, "hash": scene.chance.text(12)}
    made.body["value"]["messages"][0]["identity"] = identity
    return made


def user_id_update(scene: Scene) -> Element:
    """The field that announced a new BSUID before the system messages did."""
    rotation = {
        "wa_id": scene.person.phone,
        "detail": "The user id has changed",
        "user_id": {
            "previous": scene.say("old_user_id", f"US.{scene.chance.digits(20)}"),
            "current": bsuid(scene),
        },
        "timestamp": scene.seconds,
    }
    return of_number(scene, "user_id_update", user_id_update=[rotation])


KINDS = family(
    "system",
    number_changed=number_changed,
    user_id_changed=user_id_changed,
    security_code=security_code,
) | family("user_id_update", user_id_update=user_id_update)
