"""The requests that an outgoing message becomes: `POST /{phone_number_id}/messages`, all of them."""

from adapters._graph.edge import FACEBOOK, edge
from adapters._limits import within
from adapters._options import unused
from adapters._rendering import Body, Rendering, overridden, warn
from adapters.outgoing import (
    MarkReadMessage,
    NativeMessage,
    Outgoing,
    ReactionMessage,
    ReactionRemovalMessage,
    TypingOnMessage,
)
from adapters.sending import Account, Prepared, Request, SendWarning, Unsendable, part_tag
from adapters.whatsapp.send.limits import TAG
from adapters.whatsapp.send.receipt import receipt
from adapters.whatsapp.send.recipient import recipient
from adapters.whatsapp.send.rendering import IN_GROUPS, render

PRODUCT = {"messaging_product": "whatsapp"}
_RESERVED = frozenset({"messaging_product", "recipient_type", "to", "recipient", "biz_opaque_callback_data"})
_PART = 4
"""The characters that a part's number takes behind our tag."""


def request(outgoing: Outgoing, account: Account) -> Prepared:
    """The requests in their order. Raises Unsendable."""
    to = recipient(outgoing.to)
    if outgoing.tag is not None:
        within(outgoing.tag, TAG - _PART, "tag")
    if isinstance(outgoing.message, TypingOnMessage | MarkReadMessage):
        seen = receipt(outgoing.message)
        body = overridden(PRODUCT | seen.bodies[0], outgoing.override, _RESERVED)
        return Prepared(requests=(_post(body, None, account),), warnings=seen.warnings + unused(outgoing))
    rendering = _rendering(outgoing)
    requests = tuple(
        _post(_body(outgoing, to, body, part), part_tag(outgoing.tag, part), account)
        for part, body in enumerate(rendering.bodies)
    )
    return Prepared(requests=requests, warnings=rendering.warnings + _ignored(outgoing))


def _rendering(outgoing: Outgoing) -> Rendering:
    if isinstance(outgoing.message, NativeMessage):
        content = overridden({}, outgoing.message.content, _RESERVED, "message.content")
        return Rendering(bodies=(content,))
    rendering = render(outgoing.message)
    if outgoing.to.kind == "group" and any(body["type"] not in IN_GROUPS for body in rendering.bodies):
        raise Unsendable("unsupported", "message.type", "is not possible in a group")
    return rendering


def _body(outgoing: Outgoing, to: dict[str, str], content: Body, part: int) -> Body:
    body: Body = {**PRODUCT, **to, **content}
    if outgoing.reply_to is not None and part == 0 and not _is_reaction(outgoing):
        body["context"] = {"message_id": outgoing.reply_to}
    if outgoing.tag is not None:
        body["biz_opaque_callback_data"] = part_tag(outgoing.tag, part)
    return overridden(body, outgoing.override, _RESERVED)


def _is_reaction(outgoing: Outgoing) -> bool:
    return isinstance(outgoing.message, ReactionMessage | ReactionRemovalMessage)


def _ignored(outgoing: Outgoing) -> tuple[SendWarning, ...]:
    answers = _is_reaction(outgoing) and outgoing.reply_to
    warnings = (
        warn(
            outgoing.message_tag,
            "message_tag",
            "The channel has no tags, but templates.",
        ),
        warn(outgoing.messaging_type, "messaging_type", "The channel has no messaging types."),
        warn(answers, "reply_to", "A reaction answers the message that it is put on."),
    )
    return tuple(each for each in warnings if each is not None)


def _post(body: Body, tag: str | None, account: Account) -> Request:
    return Request(method="POST", host=FACEBOOK, path=edge(account.page_id, "messages"), json=body, tag=tag)
