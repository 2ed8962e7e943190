"""What an element leaves behind in the world: messages that are there, changed or gone, consent, comments."""

from typing import Any

from gateway.simulator.clock import SECOND
from gateway.simulator.comments import Comment
from gateway.simulator.meta import Meta
from gateway.simulator.numbers import Number
from gateway.simulator.threads import Message, Thread
from gateway.simulator.webhooks.element import Element
from gateway.simulator.webhooks.scene import Scene


def record(meta: Meta, scene: Scene, element: Element) -> None:
    """Take an element into account."""
    thread = meta.threads.of(scene.asset, scene.person)
    if isinstance(scene.asset, Number):
        _whatsapp(thread, scene, element.body["value"])
        return
    body = element.body
    _item(thread, scene, body)
    if optin := body.get("optin"):
        _consent(scene, str(optin.get("notification_messages_status", "")))
        _reference(meta, scene, optin)
    _referral(meta, scene, body.get("referral") or body.get("message", {}).get("referral") or {})
    if "value" in body:
        _comment(meta, scene, body["value"])


def _item(thread: Thread, scene: Scene, body: dict[str, Any]) -> None:
    message = body.get("message")
    if message and message.get("is_deleted"):
        _delete(thread, message["mid"])
    elif message:
        outbound = bool(message.get("is_echo") or message.get("is_self"))
        _add(thread, scene, message["mid"], message, outbound=outbound)
    elif edited := body.get("message_edit"):
        _rewrite(thread, edited["mid"], edited.get("text", ""))
    elif reaction := body.get("reaction"):
        _react(
            thread, scene, reaction["mid"], reaction.get("emoji") if reaction["action"] == "react" else None
        )


def _whatsapp(thread: Thread, scene: Scene, value: dict[str, Any]) -> None:
    for message in value.get("messages", []):
        _arrived(thread, scene, message)
    for echo in value.get("message_echoes", []):
        if "id" in echo and "message" not in echo:
            _add(thread, scene, echo["id"], echo, outbound=True)
    for preference in value.get("user_preferences", []):
        _consent(scene, preference["value"])


def _arrived(thread: Thread, scene: Scene, message: dict[str, Any]) -> None:
    if revoke := message.get("revoke"):
        _delete(thread, revoke["original_message_id"])
    elif edited := message.get("edit"):
        _rewrite(thread, edited["original_message_id"], edited["message"]["text"]["body"])
    elif reaction := message.get("reaction"):
        _react(thread, scene, reaction["message_id"], reaction.get("emoji"))
    elif (permission := message.get("interactive", {}).get("call_permission_reply")) is not None:
        until = int(permission.get("expiration_timestamp", 0)) * SECOND
        scene.person.permits_calls[scene.asset.id] = until
    elif identity := message.get("identity"):
        scene.person.identity = identity["hash"]
    elif message["type"] != "system":
        _add(thread, scene, message["id"], message, outbound=False)


def _add(thread: Thread, scene: Scene, id: str, content: dict[str, Any], *, outbound: bool) -> None:
    thread.messages.append(Message(id=id, at_ms=scene.now_ms, outbound=outbound, content=content))


def _delete(thread: Thread, id: str) -> None:
    if message := thread.find(id):
        message.deleted = True


def _rewrite(thread: Thread, id: str, text: str) -> None:
    if message := thread.find(id):
        message.content = message.content | {"text": text}


def _react(thread: Thread, scene: Scene, id: str, emoji: str | None) -> None:
    message = thread.find(id)
    if message and emoji:
        message.reactions[scene.person.key] = emoji
    elif message:
        message.reactions.pop(scene.person.key, None)


def _consent(scene: Scene, state: str) -> None:
    word = state.split()[0].lower() if state else ""
    if word == "stop":
        scene.person.stopped.add(scene.asset.id)
    elif word in ("resume", "signup"):
        scene.person.stopped.discard(scene.asset.id)


def _reference(meta: Meta, scene: Scene, optin: dict[str, Any]) -> None:
    """What the business may write to instead of an id."""
    for name in ("user_ref", "notification_messages_token"):
        if name in optin:
            meta.references[scene.asset.id, optin[name]] = scene.person.key


def _referral(meta: Meta, scene: Scene, referral: dict[str, Any]) -> None:
    """The profile remembers the last ad."""
    if referral.get("source") == "ADS":
        shown = {name: referral[name] for name in ("source", "type", "ad_id")}
        meta.ad_referrals[scene.asset.id, scene.person.key] = shown


def _comment(meta: Meta, scene: Scene, value: dict[str, Any]) -> None:
    id = value.get("comment_id") or value.get("id")
    if id and value.get("verb", "add") == "add":
        meta.comments[id] = Comment(id=id, asset=scene.asset.id, person=scene.person.key, at_ms=scene.now_ms)
