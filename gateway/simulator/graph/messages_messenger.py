"""`POST /{page}/messages`: the Send API of Messenger and of Instagram.

Meta, "Graph API: Page messages" and "Instagram Messaging: Send messages".
"""

from typing import Any

from msgspec import Struct

from gateway.simulator.graph import aftermath, content_messenger, errors, recipients
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.nodes import Node
from gateway.simulator.graph.recipients import Recipient
from gateway.simulator.pages import InstagramAccount
from gateway.simulator.threads import Message, Thread
from gateway.simulator.windows import INSTAGRAM_TAGS, TAGS, is_open

ACTIONS = ("mark_seen", "typing_on", "typing_off", "react", "unreact")
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")


class Outlet(Struct, frozen=True):
    """One send: who to, in which conversation."""

    to: Recipient
    thread: Thread
    app: str
    sender: str
    """The Page or account whose edge it is: an upload is of one of them."""

    @property
    def on_instagram(self) -> bool:
        """The other side is on Instagram."""
        return isinstance(self.to.asset, InstagramAccount)


async def send(call: Call, node: Node) -> dict[str, Any]:
    """A message, or an action such as typing."""
    _permitted(call, node)
    message, action = call.params.get("message"), call.text("sender_action").lower()
    if message and action:
        raise errors.messenger(100, 2018014)
    if not message and not action:
        raise errors.messenger(100, message="The parameter message is required.")
    to = recipients.find(call, node.object)
    outlet = Outlet(to, call.meta.threads.of(to.asset, to.person), call.token().app, node.id)
    _may_write(call, outlet)
    return _act(call, outlet, action) if action else _message(call, outlet, message)


def _permitted(call: Call, node: Node) -> None:
    if node.kind == "instagram":
        call.needs("instagram_business_manage_messages", "instagram_manage_messages")
    elif not call.token().permissions & {"pages_messaging", "instagram_manage_messages"}:
        raise errors.messenger(200, 2018028)


def _may_write(call: Call, outlet: Outlet) -> None:
    """The person lets the business write, and no other app holds the thread."""
    asset, person = outlet.to.asset, outlet.to.person
    if asset.id in person.blocks:
        raise errors.messenger(551, 1545041)
    if outlet.to.by_token and asset.id in person.stopped:
        raise errors.messenger(10, 1893015)
    if outlet.thread.owner not in (None, outlet.app):
        raise errors.messenger(100, 2534037 if outlet.on_instagram else 2018300)


def _act(call: Call, outlet: Outlet, action: str) -> dict[str, Any]:
    if action not in ACTIONS:
        raise errors.messenger(100, message=f"Param sender_action must be one of {', '.join(ACTIONS)}")
    if action in ("react", "unreact"):
        _react(call, outlet, action)
    elif action == "mark_seen":
        outlet.thread.read_ms = call.now_ms
    else:
        outlet.thread.typing = action == "typing_on"
    return {"recipient_id": outlet.to.id}


def _react(call: Call, outlet: Outlet, action: str) -> None:
    payload = call.params.get("payload") or {}
    message = outlet.thread.find(str(payload.get("message_id", "")))
    if message is None:
        raise errors.messenger(100, message="Invalid message id in payload.")
    if action == "react":
        message.reactions[outlet.to.asset.id] = str(payload.get("reaction", "love"))
    else:
        message.reactions.pop(outlet.to.asset.id, None)


def _message(call: Call, outlet: Outlet, content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise errors.messenger(100, message="Param message must be an object.")
    _in_time(call, outlet, content)
    _answers(call, outlet)
    content_messenger.check(call, content, sender=outlet.sender, on_instagram=outlet.on_instagram)
    media = content_messenger.carries_media(content)
    if not call.meta.limits.page_message(outlet.to.asset.id, call.now_ms, media=media):
        raise errors.messenger(613)
    message = _accept(call, outlet, content)
    answer = {} if outlet.to.by_reference else {"recipient_id": outlet.to.id}
    return answer | {"message_id": message.id} | content_messenger.reusable(call, outlet.sender, content)


def _in_time(call: Call, outlet: Outlet, content: dict[str, Any]) -> None:
    """The window, and what the type and the tag of the message do to it."""
    kind, tag = call.text("messaging_type", "RESPONSE"), call.text("tag") or None
    if kind not in TYPES:
        raise errors.messenger(100, message=f"Param messaging_type must be one of {', '.join(TYPES)}")
    if kind == "MESSAGE_TAG" and tag is None:
        raise errors.messenger(100, message="A tag is required for messaging_type MESSAGE_TAG.")
    if tag is not None and tag not in (INSTAGRAM_TAGS if outlet.on_instagram else TAGS):
        raise errors.messenger(100, message=f"The tag {tag} is not supported.")
    if outlet.to.comment or outlet.to.by_token or outlet.to.by_reference:
        return
    if kind == "UTILITY" and not outlet.on_instagram and isinstance(content.get("template"), dict):
        return
    if not is_open(outlet.thread.last_inbound_ms, call.now_ms, tag=tag):
        raise errors.messenger(10, 2534022 if outlet.on_instagram else 2018278)


def _answers(call: Call, outlet: Outlet) -> None:
    """`reply_to` names a message of the same conversation."""
    answered = call.params.get("reply_to")
    if answered is None:
        return
    mid = answered.get("mid") if isinstance(answered, dict) else None
    if not isinstance(mid, str) or outlet.thread.find(mid) is None:
        raise errors.messenger(100, message="Param reply_to[mid] is no message of this conversation.")


def _accept(call: Call, outlet: Outlet, content: dict[str, Any]) -> Message:
    """From here on the person has it."""
    chance = call.meta.chance
    message = Message(
        id=chance.instagram_mid() if outlet.on_instagram else chance.messenger_mid(),
        at_ms=call.now_ms,
        outbound=True,
        content=content | ({"reply_to": call.params["reply_to"]} if "reply_to" in call.params else {}),
        sent_by=outlet.app,
        tag=content.get("metadata"),
    )
    outlet.thread.messages.append(message)
    outlet.thread.typing = False
    if outlet.to.comment:
        outlet.to.comment.answered = True
    if not outlet.to.by_reference:
        call.news += aftermath.of_messenger(call.meta, outlet.to, message, outlet.app)
    return message
