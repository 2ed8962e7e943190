"""Messages: written, echoed, edited, taken back, hinted at.

Meta, "messages", "message_echoes" and "message_edits" webhook events; Instagram sends all of them
under `messages`.
"""

import re

from adapters._messenger import wire
from adapters._messenger.attachments import attachments, location
from adapters._messenger.fact import Fact
from adapters._messenger.referral import referral
from adapters._values import text, with_text_ids
from adapters.event import Origin
from adapters.message import (
    Attachment,
    Context,
    Edit,
    Interactive,
    Message,
    PriorMessage,
    ReplyTo,
    Story,
    Target,
    Unsupported,
)

_INBOXES = ("26390203743090", "263902037430900", "1217981644879628")
"""The app ids of the Page inbox (Meta's pages print it with and without the last zero) and of the
Instagram inbox."""

_COUNT = re.compile(r"[0-9]{1,6}")


def message(item: wire.Item, said: wire.Message) -> Fact:
    """`message`, with whatever flags it has."""
    if said.is_deleted:
        return _deleted(said)
    parts: dict[str, object] = {"message": _content(item, said)}
    if said.referral is not None:
        parts["referral"] = referral(said.referral)
    return Fact(
        event="message.echo" if said.is_echo else "message.received",
        kind="message.echo" if said.is_echo else "message",
        parts=parts,
        ids=(said.mid,) if said.mid else (),
        actor="business" if said.is_echo else "person",
        origin=_writer(said) if said.is_echo else None,
        opens_window=not said.is_echo and not said.is_self,
    )


def _deleted(said: wire.Message) -> Fact:
    """Some bodies still carry the text that was taken back; it ends here."""
    mid = said.mid or None
    return Fact(
        event="message.deleted",
        kind="message.deleted",
        parts={"message": Message(id=mid, target=Target(message_id=mid))},
        ids=(mid,) if mid else (),
        actor="business" if said.is_echo else "person",
        target=mid,
    )


def _writer(echo: wire.Message) -> Origin:
    """Whatever an app sends carries the app's id. Without one, a human wrote in one of Meta's inboxes."""
    app_id = text(echo.app_id)
    return "page_inbox" if app_id is None or app_id in _INBOXES else "other_app"


def _content(item: wire.Item, said: wire.Message) -> Message:
    attached = attachments(said)
    kind, original = _kind(said, attached)
    return Message(
        id=said.mid or None,
        type=kind,
        body=said.text or None,
        attachments=attached,
        reply_to=_reply_to(said.reply_to),
        interactive=_interactive(said),
        location=location(said) if attached else None,
        context=_context(item, said),
        original_type=original,
        unsupported=Unsupported(code=original) if kind == "unsupported" else None,
        metadata=said.metadata or None,
        app_id=text(said.app_id),
    )


def _kind(said: wire.Message, attached: tuple[Attachment, ...]) -> tuple[str, str]:
    """Our type of the message, and Meta's word for it."""
    if said.is_unsupported:
        return "unsupported", "is_unsupported"
    if attached:
        return attached[0].type, attached[0].original_type
    if said.quick_reply is not None:
        return "interactive", "quick_reply"
    return ("text", "text") if said.text else ("unsupported", "message")


def _reply_to(given: wire.ReplyTo | None) -> ReplyTo | None:
    if given is None or not (given.mid or given.story):
        return None
    story = given.story
    return ReplyTo(
        id=given.mid or None,
        story=Story(id=story.id or None, url=story.url or None) if story else None,
    )


def _interactive(said: wire.Message) -> Interactive | None:
    if said.quick_reply is not None:
        return Interactive(kind="quick_reply", id=said.quick_reply.payload or None, title=said.text or None)
    if said.commands:
        return Interactive(kind="command", data=with_text_ids(said.commands))
    return None


def _context(item: wire.Item, said: wire.Message) -> Context | None:
    product = said.referral and said.referral.product
    if not (product or item.prior_message or said.is_self):
        return None
    return Context(
        product=with_text_ids(product) or None,
        prior_message=prior_message(item),
        to_self=said.is_self,
    )


def prior_message(item: wire.Item) -> PriorMessage | None:
    """What the business had sent to the person while it knew only a `user_ref` of theirs."""
    given = item.prior_message
    if given is None:
        return None
    return PriorMessage(source=given.source or None, identifier=given.identifier or None)


def message_edit(item: wire.Item, edit: wire.MessageEdit) -> Fact:
    """An edit; on Instagram, number 0 announces a message that is not shown (yet), often of nobody."""
    number = text(edit.num_edit)
    hinted = number == "0" or (number is None and not edit.text)
    return Fact(
        event="message.hinted" if hinted else "message.edited",
        kind="message_edit",
        parts={"message": _hint(edit) if hinted else _edited(edit, number)},
        ids=(edit.mid, number) if edit.mid and number else (),
        actor="sender",
        target=None if hinted else edit.mid or None,
    )


def _hint(edit: wire.MessageEdit) -> Message:
    return Message(id=edit.mid or None, body=edit.text or None)


def _edited(edit: wire.MessageEdit, number: str | None) -> Message:
    count = int(number) if number and _COUNT.fullmatch(number) else None
    return Message(
        id=edit.mid or None,
        type="text",
        body=edit.text or None,
        edit=Edit(number=count),
        original_type="message_edit",
        target=Target(message_id=edit.mid or None),
    )
