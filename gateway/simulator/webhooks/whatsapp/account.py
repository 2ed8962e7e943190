"""What Meta has to say about the account and its numbers. These fields have `entry.time`."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import change


def _number(scene: Scene, field: str, **more: Any) -> Element:
    return change(field, {"display_phone_number": scene.number.display} | more)


def account_restricted(scene: Scene) -> Element:
    """The account may not do something for a while."""
    until = scene.now_ms // 1_000 + 7 * 86_400
    restriction = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": until}
    return change("account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction]})


def account_banned(scene: Scene) -> Element:
    """The account is closed; the date is for humans."""
    ban = {"waba_ban_state": scene.say("state", "DISABLE"), "waba_ban_date": "April 17, 2026"}
    return change("account_update", {"event": "DISABLED_UPDATE", "ban_info": ban})


def account_alert(scene: Scene) -> Element:
    """A warning."""
    alert = {
        "alert_severity": "WARNING",
        "alert_status": "ACTIVE",
        "alert_type": "OBA_APPROVED",
        "alert_description": scene.say("text", "Look at your account"),
    }
    return change(
        "account_alerts", {"entity_type": "BUSINESS", "entity_id": scene.asset.business, "alert_info": alert}
    )


def account_reviewed(scene: Scene) -> Element:
    """The account was looked at."""
    return change("account_review_update", {"decision": scene.say("decision", "APPROVED")})


def account_settings(scene: Scene) -> Element:
    """Calling was set up; the password of the SIP server is in it."""
    server = {"hostname": "sip.example.com", "sip_user_password": scene.chance.text(16)}
    calling = {"status": "ENABLED", "sip": {"status": "ENABLED", "servers": [server]}}
    settings = {"phone_number_id": scene.number.id, "calling": calling}
    return change("account_settings_update", {"phone_number_settings": settings})


def capability(scene: Scene) -> Element:
    """How many people the account may write to in a day."""
    limits = {
        "max_daily_conversations_per_business": scene.say("limit", 2000),
        "max_phone_numbers_per_business": 20,
    }
    return change("business_capability_update", limits)


def business_username(scene: Scene) -> Element:
    """The username of our own number."""
    return _number(scene, "business_username_update", username="kettles", status="approved")


def number_quality(scene: Scene) -> Element:
    """The number has another limit."""
    event = scene.say("event", "THROUGHPUT_UPGRADE")
    return _number(
        scene,
        "phone_number_quality_update",
        event=event,
        max_daily_conversations_per_business="TIER_UNLIMITED",
    )


def number_name(scene: Scene) -> Element:
    """The display name was looked at."""
    more = {"requested_verified_name": scene.say("name", "Kettles"), "rejection_reason": None}
    return _number(scene, "phone_number_name_update", decision=scene.say("decision", "APPROVED"), **more)


def pin_changed(scene: Scene) -> Element:
    """Two-step verification."""
    return _number(scene, "security", event="PIN_CHANGED", requester=scene.chance.digits(15))


def flow_status(scene: Scene) -> Element:
    """A flow was published, or blocked."""
    states = {"old_status": "DRAFT", "new_status": scene.say("status", "PUBLISHED")}
    return change("flows", {"event": "FLOW_STATUS_CHANGE", "flow_id": scene.chance.digits(16)} | states)


def solution(scene: Scene) -> Element:
    """A solution was shared."""
    value = {
        "event": "SOLUTION_CREATED",
        "solution_id": scene.chance.digits(16),
        "solution_status": "INITIATED",
    }
    return change("partner_solutions", value)


def payment(scene: Scene) -> Element:
    """A payment provider was connected."""
    value = {
        "configuration_name": "checkout",
        "provider_name": "razorpay",
        "provider_mid": "acc_1",
        "status": "Active",
        "created_timestamp": scene.now_ms // 1_000,
        "updated_timestamp": scene.now_ms // 1_000,
    }
    return change("payment_configuration_update", value)


KINDS = (
    family("account_update", account_restricted=account_restricted, account_banned=account_banned)
    | family("account_alerts", account_alert=account_alert)
    | family("account_review_update", account_reviewed=account_reviewed)
    | family("account_settings_update", account_settings=account_settings)
    | family("business_capability_update", capability=capability)
    | family("business_username_update", business_username=business_username)
    | family("phone_number_quality_update", number_quality=number_quality)
    | family("phone_number_name_update", number_name=number_name)
    | family("security", pin_changed=pin_changed)
    | family("flows", flow_status=flow_status)
    | family("partner_solutions", solution=solution)
    | family("payment_configuration_update", payment=payment)
)
