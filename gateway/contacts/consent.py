"""Whether what a person said forbids a message. Pure; asked before anything is sent."""

from collections.abc import Iterable
from typing import Literal

from gateway.store.contact import EVERYTHING, KnownConsent

Purpose = Literal["reply", "utility", "marketing"]
"""`reply`: free-form, within the window that the person opened · `utility`: outside of it, and about what
the person has asked for or bought · `marketing`: a marketing template, a notification by token."""

_ALL_MARKETING = "marketing_messages"
"""WhatsApp, `user_preferences`: the category of an item."""


def consent_refusal(
    consents: Iterable[KnownConsent], purpose: Purpose, topic: str | None = None
) -> KnownConsent | None:
    """The opt-out that forbids the message; None: nothing does.

    A reply inside the window answers somebody who has just written: both Messenger and WhatsApp let it
    through whatever was opted out of. Marketing is refused after an opt-out of everything, of this topic,
    or where the message names no topic, of any. The platform's own name for all marketing counts as any.
    """
    if purpose == "reply":
        return None
    out = [one for one in consents if one.state == "opted_out"]
    if purpose == "utility":
        return next((one for one in out if one.topic == EVERYTHING), None)
    covered = {EVERYTHING, _ALL_MARKETING, topic}
    return next((one for one in out if topic is None or one.topic in covered), None)
