"""Groups that the business has made. Where no page of Meta prints a `type`, the spelling is a guess."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import bsuid, of_number


def _group(scene: Scene, field: str, kind: str, **more: Any) -> Element:
    group = scene.say("group_id", f"Y2FwaV9ncm91cDo{scene.chance.text(24)}")
    made = {"timestamp": scene.seconds, "group_id": group, "type": kind, "request_id": scene.chance.text(16)}
    return of_number(scene, field, groups=[made | more])


def group_created(scene: Scene) -> Element:
    """The group is there."""
    more = {"subject": scene.say("subject", "Kettle club"), "join_approval_mode": "auto_approve"}
    link = f"https://chat.whatsapp.com/{scene.chance.text(22)}"
    return _group(scene, "group_lifecycle_update", "group_create", invite_link=link, **more)


def group_deleted(scene: Scene) -> Element:
    """The group is gone."""
    return _group(scene, "group_lifecycle_update", "group_delete")


def group_joined(scene: Scene) -> Element:
    """The person has followed the invitation."""
    who = {"wa_id": scene.person.phone, "user_id": bsuid(scene)}
    more = {"reason": "invite_link", "added_participants": [who]}
    return _group(scene, "group_participants_update", "group_participants_add", **more)


def group_left(scene: Scene) -> Element:
    """The person has left."""
    who = {"input": scene.person.phone, "wa_id": scene.person.phone, "user_id": bsuid(scene)}
    more = {"removed_participants": [who], "initiated_by": "participant"}
    return _group(scene, "group_participants_update", "group_participants_remove", **more)


def group_renamed(scene: Scene) -> Element:
    """The group has another subject."""
    subject = {"text": scene.say("subject", "Kettle friends"), "update_successful": True}
    return _group(scene, "group_settings_update", "group_settings_update", group_subject=subject)


def group_suspended(scene: Scene) -> Element:
    """Meta has closed the group."""
    return _group(scene, "group_status_update", "group_suspend")


KINDS = family(
    "group",
    group_created=group_created,
    group_deleted=group_deleted,
    group_joined=group_joined,
    group_left=group_left,
    group_renamed=group_renamed,
    group_suspended=group_suspended,
)
