"""The requests that an outgoing message becomes."""

from adapters._graph.edge import edge
from adapters._messenger.send.accent import Accent
from adapters._messenger.send.action import actions, control, ignored
from adapters._messenger.send.recipient import PRIVATE_REPLY, recipient
from adapters._messenger.send.rendering import render
from adapters._messenger.send.route import host, node
from adapters._messenger.send.rules import check, check_human
from adapters._options import unused
from adapters._rendering import Body, Rendering, overridden, without_absent
from adapters.outgoing import NativeMessage, Outgoing, Signal, ThreadControlMessage
from adapters.sending import Account, Prepared, Request, Unsendable, part_tag

_RESERVED = frozenset({"recipient", "message.metadata"})


def request(outgoing: Outgoing, account: Account, accent: Accent) -> Prepared:
    """The requests in their order. Raises Unsendable."""
    check(outgoing, accent)
    if isinstance(outgoing.message, Signal):
        return _signals(outgoing, outgoing.message, account, accent)
    if isinstance(outgoing.message, NativeMessage):
        return _native(outgoing, outgoing.message, account, accent)
    return _messages(outgoing, render(outgoing.message, accent), account, accent)


def _signals(outgoing: Outgoing, signal: Signal, account: Account, accent: Accent) -> Prepared:
    if isinstance(signal, ThreadControlMessage):
        name, whole = control(signal)
        bodies = [whole]
    else:
        name, bodies = "messages", actions(signal, accent)
    person = _person(outgoing, accent)
    requests = [_post(name, {"recipient": person, **body}, None, account, accent) for body in bodies]
    return Prepared(requests=tuple(requests), warnings=ignored(signal) + unused(outgoing, "override"))


def _messages(outgoing: Outgoing, rendering: Rendering, account: Account, accent: Accent) -> Prepared:
    if outgoing.to.kind in PRIVATE_REPLY and len(rendering.bodies) > 1:
        raise Unsendable("unsupported", "message", "would be several messages; a private reply is one")
    requests = []
    for part, message in enumerate(rendering.bodies):
        tag = part_tag(outgoing.tag, part)
        body = _body(outgoing, without_absent({**message, "metadata": tag}), part, accent)
        body = overridden(body, outgoing.override, _RESERVED)
        check_human(outgoing, body)
        requests.append(_post("messages", body, tag, account, accent))
    return Prepared(requests=tuple(requests), warnings=rendering.warnings)


def _body(outgoing: Outgoing, message: Body, part: int, accent: Accent) -> Body:
    """A private reply has no messaging type: the comment is what allows it."""
    usual = None if outgoing.to.kind in PRIVATE_REPLY else "RESPONSE"
    kind = "MESSAGE_TAG" if outgoing.message_tag else outgoing.messaging_type or usual
    answers = outgoing.reply_to is not None and part == 0
    return without_absent(
        {
            "recipient": recipient(outgoing.to, accent),
            "messaging_type": kind,
            "tag": outgoing.message_tag,
            "message": message,
            "reply_to": {"mid": outgoing.reply_to} if answers else None,
        }
    )


def _native(outgoing: Outgoing, given: NativeMessage, account: Account, accent: Accent) -> Prepared:
    own: Body = {"recipient": recipient(outgoing.to, accent)}
    carries = outgoing.tag is not None and isinstance(given.content.get("message"), dict)
    if carries:
        own["message"] = {"metadata": outgoing.tag}
    whole = overridden(own, given.content, _RESERVED, "message.content")
    body = overridden(whole, outgoing.override, _RESERVED)
    check_human(outgoing, body)
    tag = outgoing.tag if carries else None
    request = _post("messages", body, tag, account, accent)
    return Prepared(requests=(request,), warnings=unused(outgoing))


def _person(outgoing: Outgoing, accent: Accent) -> dict[str, str]:
    if outgoing.to.kind in PRIVATE_REPLY:
        raise Unsendable("invalid", "to.kind", "takes a message; this concerns a conversation")
    return recipient(outgoing.to, accent)


def _post(name: str, body: Body, tag: str | None, account: Account, accent: Accent) -> Request:
    return Request(
        method="POST",
        host=host(account, accent),
        path=edge(node(account, accent), name),
        json=body,
        tag=tag,
    )
