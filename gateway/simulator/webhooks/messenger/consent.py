"""`messaging_optins`: people let the business write to them, or stop it."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family, item
from gateway.simulator.webhooks.scene import Scene


def _notification(scene: Scene, **more: Any) -> Element:
    expiry = scene.now_ms + 365 * 86_400_000
    topic = {
        "type": "notification_messages",
        "payload": scene.say("payload", "WEEKLY_OFFERS"),
        "notification_messages_token": scene.say("token", scene.chance.digits(16)),
        "notification_messages_timezone": "Europe/Vienna",
        "token_expiry_timestamp": str(expiry),
        "user_token_status": "NOT_REFRESHED",
        "title": scene.say("title", "Weekly offers"),
    }
    return item(scene, "messaging_optins", optin=topic | more)


def optin(scene: Scene) -> Element:
    """Marketing messages on a topic are wanted."""
    return _notification(scene)


def stop(scene: Scene) -> Element:
    """No more of them; Meta spells the status with a space."""
    return _notification(scene, notification_messages_status="STOP NOTIFICATIONS")


def resume(scene: Scene) -> Element:
    """They are wanted again."""
    return _notification(scene, notification_messages_status="RESUME NOTIFICATIONS")


def plugin_optin(scene: Scene) -> Element:
    """The Send-to-Messenger plugin."""
    return item(scene, "messaging_optins", optin={"ref": scene.say("ref", "cart-2291")})


def checkbox_optin(scene: Scene) -> Element:
    """The checkbox plugin: no sender, only the reference that the page made up."""
    ticked = {"ref": scene.say("ref", "cart-2291"), "user_ref": scene.say("user_ref", "cart-2291-a7")}
    made = item(scene, "messaging_optins", optin=ticked)
    del made.body["sender"]
    return made


SHARED = family("optin", optin=optin, stop=stop, resume=resume)
KINDS = SHARED | family("optin", plugin_optin=plugin_optin, checkbox_optin=checkbox_optin)
