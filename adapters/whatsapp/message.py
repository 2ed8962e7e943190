"""Messages and what is done to them: received, echoed from the phone or from an agent, imported.

The answer window (24 h) opens with what the person sends: messages of any type, unsupported ones too,
and reactions put on a message, which Meta delivers as messages with ids of their own. Edits, revokes,
reactions taken off and system messages open none; neither do echoes and imported history.
"""

from collections.abc import Callable

from msgspec import structs

from adapters._values import mapping
from adapters._wire import load
from adapters.base import Decoded
from adapters.message import Edit, Message, Target
from adapters.parts import ConversationStart, Reaction
from adapters.whatsapp import identity, wire
from adapters.whatsapp.content import kind_of, message
from adapters.whatsapp.element import UNKNOWN, Element, Fact, decoded
from adapters.whatsapp.frame import Frame, Header, inbound, outbound
from adapters.whatsapp.person import Party, party
from adapters.whatsapp.referral import referral


def read(element: Element) -> Decoded:
    """An item of `messages`."""
    item = load(wire.Message, element.raw)
    return decoded(element, header(item, element.frame), fact(item, element.frame))


def echo(element: Element) -> Decoded:
    """An item of `message_echoes`: sent by a person in the phone app, or by an agent (standby)."""
    item = load(wire.Message, element.raw)
    return decoded(element, echoed(item, element.frame), _as_echo(fact(_unwrapped(item), element.frame)))


def header(item: wire.Message, frame: Frame) -> Header:
    """From the person to the business."""
    ids = (item.id,) if item.id else ()
    who = identity.announced(item) if item.system else sender(item)
    found = inbound(frame, who, ids, item.timestamp, item.group_id or None)
    return structs.replace(found, origin="platform") if item.system else found


def echoed(item: wire.Message, frame: Frame) -> Header:
    """From the business to the person or group that the message, or the request for it, names."""
    sent = item.message or item
    ids = (item.id,) if item.id else ()
    group = sent.to if sent.recipient_type == "group" else item.group_id
    who = Party() if group else receiver(sent)
    found = outbound(frame, who, ids, item.timestamp, group or None)
    return structs.replace(found, origin="meta_agent" if frame.standby else "phone_app")


def sender(item: wire.Message) -> Party:
    """The ids that the message gives of who sent it."""
    return party(item.from_, item.from_user_id, item.from_parent_user_id)


def receiver(item: wire.Message) -> Party:
    """The ids that the message, or the request that sent it, gives of who gets it."""
    named = party(item.recipient)
    return party(item.to, item.to_user_id or named.bsuid, item.to_parent_user_id or named.parent)


def fact(item: wire.Message, frame: Frame) -> Fact:
    """What the message says or does, seen from the person's side."""
    kind = kind_of(item)
    act = _ACTS.get(kind)
    acted = act(item, frame) if act else None
    if acted is not None:
        return acted
    if not kind:
        return UNKNOWN
    body = {"message": message(item, item.id or None, item.errors or frame.errors, frame.agent)}
    if item.referral is not None:
        return Fact("message.received", {**body, "referral": referral(item.referral)}, opens_window=True)
    return Fact("message.received", body, opens_window=kind != "system")


def _unwrapped(item: wire.Message) -> wire.Message:
    """A standby echo wraps the request that sent it; more of its template or flow may stand outside."""
    sent = item.message
    if sent is None:
        return item
    return structs.replace(
        sent,
        id=item.id,
        template={**mapping(item.template), **mapping(sent.template)},
        interactive={**mapping(sent.interactive), "flow": item.flow} if item.flow else sent.interactive,
    )


def _as_echo(said: Fact) -> Fact:
    event = "message.echo" if said.event == "message.received" else said.event
    return structs.replace(said, event=event, opens_window=False)


def _reaction(item: wire.Message, _: Frame) -> Fact | None:
    """Taken off where the emoji is absent, null or empty."""
    if item.reaction is None:
        return None
    target, emoji = item.reaction.message_id or None, item.reaction.emoji or None
    reaction = Reaction(action="added" if emoji else "removed", target=Target(message_id=target), emoji=emoji)
    return Fact(f"reaction.{reaction.action}", {"reaction": reaction}, bool(emoji), target)


def _edit(item: wire.Message, frame: Frame) -> Fact | None:
    """The new content under the edited message's id. The context inside is a placeholder of Meta's."""
    if item.edit is None:
        return None
    target, edited = item.edit.original_message_id or None, Message()
    if item.edit.message is not None:
        new = structs.replace(item.edit.message, context=None)
        edited = message(new, target, item.errors or frame.errors)
    edited = structs.replace(edited, id=target, edit=Edit(), target=Target(message_id=target))
    return Fact("message.edited", {"message": edited}, target=target)


def _revoke(item: wire.Message, _: Frame) -> Fact | None:
    if item.revoke is None:
        return None
    target = item.revoke.original_message_id or None
    deleted = Message(id=target, target=Target(message_id=target))
    return Fact("message.deleted", {"message": deleted}, target=target)


def _opened(_: wire.Message, __: Frame) -> Fact:
    return Fact("conversation.opened", {"conversation": ConversationStart(started_by="contact")})


_ACTS: dict[str, Callable[[wire.Message, Frame], Fact | None]] = {
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "system": identity.system,
    "request_welcome": _opened,
}
