"""A text, and the quick replies under it."""

from adapters.outgoing.form import Form, Name, Url


class QuickReply(Form, frozen=True, kw_only=True):
    """An answer to tap; it goes away once the person has answered."""

    id: Name
    """Comes back as `message.interactive.id`."""
    title: Name
    """At most 20 characters."""
    image_url: Url | None = None
    """A small picture beside the title; Messenger only."""


class TextMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="text"):
    """Plain text."""

    body: Name
    """At most 2,000 characters (Messenger), 1,000 bytes of UTF-8 (Instagram), 4,096 characters (WhatsApp)."""
    preview_url: bool = False
    """Show the first link as a preview; WhatsApp only, the others decide by themselves."""
    quick_replies: tuple[QuickReply, ...] = ()
    """At most 13 (Messenger, Instagram); on WhatsApp up to 3 become buttons, up to 10 a list."""
