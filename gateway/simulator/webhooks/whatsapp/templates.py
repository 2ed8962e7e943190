"""What becomes of message templates. These fields have `entry.time` and name no number."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import change


def _template(scene: Scene, field: str, **more: Any) -> Element:
    named = {
        "message_template_id": int(scene.chance.digits(16)),
        "message_template_name": scene.say("name", "order_ready"),
        "message_template_language": scene.say("language", "en_US"),
    }
    return change(field, named | more)


def template_status(scene: Scene) -> Element:
    """Approved, rejected, paused …: `event`."""
    more = {"event": scene.say("event", "APPROVED"), "message_template_category": "UTILITY"}
    return _template(scene, "message_template_status_update", reason=scene.say("reason", "NONE"), **more)


def template_quality(scene: Scene) -> Element:
    """People like it less."""
    scores = {"previous_quality_score": "GREEN", "new_quality_score": scene.say("score", "YELLOW")}
    return _template(scene, "message_template_quality_update", **scores)


def template_category(scene: Scene) -> Element:
    """Meta has moved it to another category."""
    moved = {"previous_category": "UTILITY", "new_category": "MARKETING"}
    return _template(scene, "template_category_update", **moved)


def template_components(scene: Scene) -> Element:
    """Its text was changed."""
    text = {"message_template_element": "Your order {{1}} is ready.", "message_template_footer": "Kettles"}
    return _template(scene, "message_template_components_update", **text)


KINDS = family(
    "template",
    template_status=template_status,
    template_quality=template_quality,
    template_category=template_category,
    template_components=template_components,
)
