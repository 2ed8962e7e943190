"""What is no message: reactions, typing, read receipts, and who answers from now on."""

from typing import Literal

from adapters.outgoing.form import Form, Name


class ReactionMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="reaction"):
    """An emoji on a message of the person's."""

    message_id: Name
    emoji: Name


class ReactionRemovalMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="reaction_removal"):
    """Takes our reaction off again."""

    message_id: Name


class TypingOnMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="typing_on"):
    """Shows that somebody is writing, for some 20 seconds or until the next message."""

    message_id: Name | None = None
    """The message that is being answered; WhatsApp needs it, and marks it as read."""
    mark_read: bool = False


class TypingOffMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="typing_off"):
    """Shows it no longer."""


class MarkReadMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="mark_read"):
    """Tells the person that their messages have been read."""

    message_id: Name | None = None
    """WhatsApp needs it: this message and all before it are marked."""


class ThreadControlMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="thread_control"):
    """Gives the conversation to another app, or asks for it."""

    action: Literal["pass", "take", "request", "release"]
    app_id: Name | None = None
    """Who gets it; only `pass` needs it."""
    metadata: Name | None = None
    """Told to the other app; at most 1,000 characters."""

    def __post_init__(self) -> None:
        if (self.action == "pass") != (self.app_id is not None):
            raise ValueError("`app_id` goes with the action `pass`, and only with it")


Signal = (
    ReactionMessage
    | ReactionRemovalMessage
    | TypingOnMessage
    | TypingOffMessage
    | MarkReadMessage
    | ThreadControlMessage
)
