"""What people do about marketing: stop it, want it, tap it."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import bsuid, contact, of_number


def _preference(scene: Scene, value: str, detail: str, **more: Any) -> Element:
    phone = {} if scene.person.hides_phone else {"wa_id": scene.person.phone}
    stated = {"detail": detail, "category": "marketing_messages", "value": value}
    made = phone | {"user_id": bsuid(scene)} | stated | {"timestamp": scene.now_ms // 1_000} | more
    return of_number(scene, "user_preferences", contacts=[contact(scene)], user_preferences=[made])


def stop(scene: Scene) -> Element:
    """No more marketing."""
    return _preference(scene, "stop", "User requested to stop marketing messages")


def resume(scene: Scene) -> Element:
    """Marketing is wanted again."""
    return _preference(scene, "resume", "User requested to resume marketing messages")


def signup(scene: Scene) -> Element:
    """Marketing is wanted for the first time."""
    return _preference(
        scene, "signup", "User signed up for marketing messages", signup_id=scene.chance.digits(15)
    )


def link_click(scene: Scene) -> Element:
    """A link in a marketing message was followed; nobody is named."""
    click = {
        "click_component": "cta",
        "click_id": scene.chance.text(12),
        "tracking_token": scene.chance.text(24),
    }
    action = {"action_type": "marketing_messages_link_click", "timestamp": scene.seconds}
    return of_number(scene, "messages", user_actions=[action | {"marketing_messages_link_click_data": click}])


def automatic_event(scene: Scene) -> Element:
    """Meta thinks that a conversation was a purchase; the value is in thousandths."""
    made = {
        "id": scene.about(),
        "event_name": scene.say("event", "Purchase"),
        "timestamp": scene.now_ms // 1_000,
        "ctwa_clid": scene.chance.text(60),
        "custom_data": {"currency": "EUR", "value": 39_000},
    }
    return of_number(scene, "automatic_events", automatic_events=[made])


KINDS = (
    family("user_preferences", stop=stop, resume=resume, signup=signup)
    | family("user_actions", link_click=link_click)
    | family("automatic_events", automatic_event=automatic_event)
)
