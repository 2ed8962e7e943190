"""The past of a number that came from the WhatsApp Business app: its chats.

`history`: chunks `{"metadata":{"phase","chunk_order","progress"},"threads":[{"id","context"?,
"messages":[…]}]}` of up to thousands of messages, in any order. What stood there as a
`media_placeholder` follows with its media as plain `messages` of the field `history`.
All of it is `history.imported`, never new. Meta, "history webhook reference".
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Raw, structs

from adapters._meta import members
from adapters._values import mapping, text, with_text_ids
from adapters._wire import load, parse
from adapters.base import Decoded
from adapters.whatsapp import message, wire
from adapters.whatsapp.container import indexed, opening
from adapters.whatsapp.element import Element, Fact, Past, decoded
from adapters.whatsapp.frame import Header, inbound, outbound
from adapters.whatsapp.person import Party, party, person

IMPORTED = "history.imported"


def leaves(chunk: Element) -> Iterator[Element]:
    """The messages of a chunk; a thread without any, and a chunk without threads, stand for themselves."""
    given = members(chunk.raw) or {}
    threads, errors = indexed(given.pop("threads", None)), indexed(given.pop("errors", None))
    beside = opening(given)
    past = Past(chunk=_value(given.get("metadata")))
    for index, raw in errors:
        yield chunk.inner("errors", index, raw, beside)
    for index, raw in threads:
        yield from _messages(structs.replace(chunk.inner("threads", index, raw, beside), past=past))
    if not threads and not errors:
        yield structs.replace(chunk, past=past)


def _messages(thread: Element) -> Iterator[Element]:
    given = members(thread.raw) or {}
    found = indexed(given.pop("messages", None))
    beside = opening(given)
    past = Past(chunk=thread.past.chunk, party=_party(_value(given.get("id")), _value(given.get("context"))))
    for index, raw in found:
        yield structs.replace(thread.inner("messages", index, raw, beside), past=past)
    if not found:
        yield structs.replace(thread, past=past)


def _value(raw: Raw | None) -> Any:
    return None if raw is None else parse(raw)


def _party(id: Any, context: Any) -> Party:
    """Whose thread it is: `id` is the phone, where Meta shows it."""
    given = mapping(context)
    phone = text(id) or text(given.get("wa_id"))
    return party(phone, text(given.get("user_id")), text(given.get("parent_user_id")))


def read(element: Element) -> Decoded:
    """A message of a thread."""
    item = load(wire.Message, element.raw)
    return decoded(element, _header(element, item), _imported(element, item))


def follow_up(element: Element) -> Decoded:
    """A plain message of the field `history`: what stood as a placeholder before, now with its media."""
    item = load(wire.Message, element.raw)
    return decoded(element, message.header(item, element.frame), _imported(element, item))


def follow_up_echo(element: Element) -> Decoded:
    """The same, of a message that the business sent."""
    item = load(wire.Message, element.raw)
    return decoded(element, message.echoed(item, element.frame), _imported(element, item))


def rest(element: Element) -> Decoded:
    """A thread or a chunk without messages: how far the import is."""
    kind = element.kind.rpartition(".")[2]
    history = {**_progress(element.past), "change": "thread" if kind == "threads" else "chunk"}
    who = person(element.past.party, None, element.frame.scope)
    header = Header(person=who, origin="phone_app")
    return decoded(element, header, Fact(IMPORTED, {"history": history}))


def declined(element: Element) -> Decoded:
    """An error in place of threads: the business does not share its history."""
    account = {**with_text_ids(parse(element.raw)), "change": "history"}
    return decoded(element, Header(origin="platform"), Fact("account.update", {"account": account}))


def _imported(element: Element, item: wire.Message) -> Fact:
    """The message as it would have been live, and how it stood when the history was made."""
    state = with_text_ids(mapping(item.history_context))
    history = {**_progress(element.past), **state, "change": "message"}
    return Fact(IMPORTED, {**message.fact(item, element.frame).body, "history": history})


def _progress(past: Past) -> dict[str, Any]:
    return {**with_text_ids(mapping(past.chunk))}


def _header(element: Element, item: wire.Message) -> Header:
    """The person's own messages bear an id of the thread; all others are the business's."""
    frame, who = element.frame, element.past.party
    sender, receiver = message.sender(item), message.receiver(item)
    ids = (item.id,) if item.id else ()
    theirs = sender.shares_an_id(who) if who.address() else not receiver.address()
    if theirs:
        return inbound(frame, sender.completed(who), ids, item.timestamp)
    header = outbound(frame, receiver.completed(who), ids, item.timestamp)
    return structs.replace(header, origin="phone_app")
