"""What is no message: sender actions, and passing the thread from app to app.

{"recipient":{…},"sender_action":"typing_on"} stands alone: with a `message` in it Meta refuses both.
"""

from adapters._limits import within
from adapters._messenger.send.accent import Accent
from adapters._rendering import Body, without_absent
from adapters.outgoing import (
    MarkReadMessage,
    ReactionMessage,
    ReactionRemovalMessage,
    Signal,
    ThreadControlMessage,
    TypingOffMessage,
    TypingOnMessage,
)
from adapters.sending import SendWarning, Unsendable

Action = ReactionMessage | ReactionRemovalMessage | TypingOnMessage | TypingOffMessage | MarkReadMessage
_METADATA = 1000
_SEEN = {"sender_action": "mark_seen"}


def actions(message: Action, accent: Accent) -> list[Body]:
    """The sender actions, one per request, in their order."""
    if isinstance(message, TypingOnMessage):
        typing = {"sender_action": "typing_on"}
        return [_SEEN, typing] if message.mark_read else [typing]
    if isinstance(message, TypingOffMessage):
        return [{"sender_action": "typing_off"}]
    if isinstance(message, MarkReadMessage):
        return [_SEEN]
    if isinstance(message, ReactionMessage):
        payload = {"message_id": message.message_id, "reaction": _reaction(message.emoji, accent)}
        return [{"sender_action": "react", "payload": payload}]
    return [{"sender_action": "unreact", "payload": {"message_id": message.message_id}}]


def ignored(message: Signal) -> tuple[SendWarning, ...]:
    """What of an action the channel takes no notice of."""
    names_one = isinstance(message, MarkReadMessage | TypingOnMessage) and message.message_id is not None
    detail = "The channel names no message: it concerns the conversation as it is."
    return (SendWarning(field="message.message_id", detail=detail),) if names_one else ()


def _reaction(emoji: str, accent: Accent) -> str:
    """Meta's name for an emoji; U+FE0F only asks for colour."""
    name = accent.reactions.get(emoji.replace("\ufe0f", ""))
    if name is None:
        known = " ".join(accent.reactions)
        raise Unsendable("unsupported", "message.emoji", f"is none of {known}, which this channel knows")
    return name


def control(message: ThreadControlMessage) -> tuple[str, Body]:
    """The edge that changes who answers, and its body. Meta, "Conversation Routing"."""
    if message.metadata is not None:
        within(message.metadata, _METADATA, "message.metadata")
    body = without_absent({"target_app_id": message.app_id, "metadata": message.metadata})
    return f"{message.action}_thread_control", body
