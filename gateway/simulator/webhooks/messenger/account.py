"""What Meta has to say about the Page itself, and accounts that people link."""

from gateway.simulator.webhooks.element import Element, change, family, item
from gateway.simulator.webhooks.scene import Scene


def linked(scene: Scene) -> Element:
    """The person has logged in at the business."""
    link = {"status": "linked", "authorization_code": scene.say("code", "customer-88123")}
    return item(scene, "messaging_account_linking", account_linking=link)


def unlinked(scene: Scene) -> Element:
    """The person has logged out."""
    return item(scene, "messaging_account_linking", account_linking={"status": "unlinked"})


def policy(scene: Scene) -> Element:
    """Meta warns, blocks or unblocks the Page; there is no sender."""
    action = scene.say("action", "block")
    enforced = {"action": action}
    if action != "unblock":
        enforced["reason"] = scene.say("reason", "People have reported messages of this Page.")
    made = item(scene, "messaging_policy_enforcement", policy_enforcement=enforced)
    del made.body["sender"]
    return made


def restricted(scene: Scene) -> Element:
    """Messaging is limited for a while."""
    now = scene.now_ms // 1_000
    restriction = {
        "feature": "messaging",
        "status": "active",
        "description": "Sending is limited",
        "applied_time": now,
        "expiration_time": now + 7 * 86_400,
    }
    value = {
        "timestamp": now,
        "status": "restricted",
        "violations": [
            {"type": "spam", "description": "Unwanted messages", "url": "https://www.facebook.com"}
        ],
        "restrictions": [restriction],
        "action_events": [],
    }
    return change("business_integrity", value)


def template_status(scene: Scene) -> Element:
    """A utility template of the Page was looked at."""
    value = {
        "event": scene.say("event", "APPROVED"),
        "message_template_id": int(scene.chance.digits(16)),
        "message_template_name": scene.say("name", "order_ready"),
        "message_template_language": "de",
    }
    return change("messenger_template_status_update", value)


KINDS = (
    family("account_linking", linked=linked, unlinked=unlinked)
    | family("policy_enforcement", policy=policy)
    | family("business_integrity", restricted=restricted)
    | family("messenger_template_status_update", template_status=template_status)
)
