"""When a business may write: pure, from when the person last did. Times are Unix seconds.

Only a known, closed window is a reason to refuse. Where no act of the person is on record the platform
decides: the gateway may have been connected yesterday. Meta, "Messenger Platform: Send Messages" (24 hours,
human agent 7 days), "WhatsApp: Customer service windows" (24 hours, templates always; the 72 hours after
an ad are about the price, not about what may be sent).
"""

import re
from typing import Any, Literal

from msgspec import Struct

from adapters.outgoing import MessageTag, NativeMessage, Outgoing, Signal, TemplateMessage
from adapters.sending import SendCode

HOUR = 3_600
DAY = 24 * HOUR
_UNTIED = frozenset({"comment", "post", "user_ref", "group"})
"""Kinds of recipient whose conversation, if they have one, is not the person's."""
_TAGS = frozenset({"", "HUMANAGENT", "CUSTOMERFEEDBACK"})
"""The letters of the tags that are known: they last as long as a human's answer."""


class ReplyWindow(Struct, frozen=True, kw_only=True):
    """A platform's rule."""

    free_form_seconds: int = DAY
    human_agent_seconds: int | None = None
    """None where there is no such thing."""
    templates: bool = False
    """Whether approved templates may go out at any time."""
    utility_templates: bool = False
    """Whether they may as utility messages. Meta, "Messenger Platform: Utility messages"."""


class CanSend(Struct, frozen=True, kw_only=True):
    """What may be sent in a conversation now."""

    state: Literal["open", "human_agent", "closed", "unknown"]
    free_form_until: int | None
    human_agent_until: int | None
    template_only: bool
    """True where nothing but a template can go out now."""


class Decision(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether to send it, and under which tag."""

    allowed: bool
    code: SendCode | None = None
    """Why not."""
    detail: str | None = None
    message_tag: MessageTag | None = None
    """The tag to send it with, where the message does not have it already."""


ALLOWED = Decision(allowed=True)


def can_send(window: ReplyWindow, last_inbound_at: int | None, now: int) -> CanSend:
    """What may be sent, for people to read; `decide` answers for one message."""
    if last_inbound_at is None:
        return CanSend(state="unknown", free_form_until=None, human_agent_until=None, template_only=False)
    free_form_until, human_agent_until = deadlines(window, last_inbound_at)
    by_human = human_agent_until is not None and now < human_agent_until
    is_open = now < free_form_until
    return CanSend(
        state="open" if is_open else "human_agent" if by_human else "closed",
        free_form_until=free_form_until,
        human_agent_until=human_agent_until,
        template_only=window.templates and not is_open,
    )


def deadlines(window: ReplyWindow, last_inbound_at: int) -> tuple[int, int | None]:
    """Until when anybody may write freely, and until when a human may."""
    agent = window.human_agent_seconds
    return last_inbound_at + window.free_form_seconds, None if agent is None else last_inbound_at + agent


def decide(window: ReplyWindow, outgoing: Outgoing, last_inbound_at: int | None, now: int) -> Decision:
    """Whether the message may go out now, as far as anybody but the platform can know."""
    if last_inbound_at is None or _is_free_of_windows(window, outgoing):
        return ALLOWED
    now_possible = can_send(window, last_inbound_at, now)
    if now_possible.state == "open":
        return ALLOWED
    if now_possible.state == "human_agent" and _tag(outgoing) is not None:
        return ALLOWED
    if now_possible.state == "human_agent" and outgoing.sender == "human":
        return Decision(allowed=True, message_tag="HUMAN_AGENT")
    return Decision(allowed=False, code="outside_window", detail=_reason(window, now_possible))


def _is_free_of_windows(window: ReplyWindow, outgoing: Outgoing) -> bool:
    """What has rules of its own, which the platform applies."""
    return (
        isinstance(outgoing.message, Signal | NativeMessage | TemplateMessage)
        or outgoing.to.kind in _UNTIED
        or _is_template(window, outgoing)
        or (window.human_agent_seconds is not None and _is_news(_tag(outgoing)))
    )


def _is_template(window: ReplyWindow, outgoing: Outgoing) -> bool:
    """An approved template in the platform's own words. On Messenger it is a utility message."""
    own = outgoing.override or {}
    if window.templates:
        return own.get("type") == "template"
    kind, message = own.get("messaging_type", outgoing.messaging_type), own.get("message")
    has_template = isinstance(message, dict) and isinstance(message.get("template"), dict)
    return window.utility_templates and kind == "UTILITY" and has_template


def _tag(outgoing: Outgoing) -> Any:
    return (outgoing.override or {}).get("tag", outgoing.message_tag)


def _is_news(tag: Any) -> bool:
    """A tag that Meta may have made since."""
    return isinstance(tag, str) and re.sub("[^A-Z]", "", tag.upper()) not in _TAGS


def _reason(window: ReplyWindow, possible: CanSend) -> str:
    if window.templates:
        return "The person last wrote too long ago: only a template can be sent."
    if possible.state == "human_agent":
        return "The person last wrote too long ago: only a human may answer, with `sender` as `human`."
    return "The person last wrote too long ago: nothing can be sent until they write again."
