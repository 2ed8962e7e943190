"""One change of an entry: every item of it, read by the module for its kind.

An item can harm no other: what cannot be read is quarantined alone, and what has no reader is `unknown`.
"""

from collections.abc import Callable

from adapters.base import Decoded, Quarantined
from adapters.whatsapp import (
    account,
    address_book,
    call,
    error,
    group,
    handover,
    history,
    identity,
    marketing,
    message,
    preference,
    status,
)
from adapters.whatsapp.element import CHANGE, Element, unknown
from adapters.whatsapp.frame import Source
from adapters.whatsapp.value import elements

Reader = Callable[[Element], Decoded]


def read(source: Source, raw: bytes, pointer: str) -> list[Decoded | Quarantined]:
    """Every item of the change, or the change itself where it holds none."""
    if not raw.startswith(b"{"):
        return [Quarantined(reason="not_an_object", pointer=pointer, body=raw)]
    try:
        _check(raw)
        found = elements(source, raw, pointer)
    except UnicodeDecodeError:
        return [Quarantined(reason="not_json", pointer=pointer, body=raw)]
    except RecursionError:
        return [Quarantined(reason="too_deep", pointer=pointer, body=raw)]
    return [read_item(element) for element in found]


def read_one(element: Element) -> Decoded | Quarantined:
    """An element that stands outside of any change."""
    try:
        _check(element.raw)
    except UnicodeDecodeError:
        return Quarantined(reason="not_json", pointer=element.pointer, body=element.raw)
    return read_item(element)


def _check(raw: bytes) -> None:
    """Raise UnicodeDecodeError unless it is text: the envelope was opened without a look inside strings."""
    if not raw.isascii():
        raw.decode()


def read_item(element: Element) -> Decoded | Quarantined:
    """An element by the reader for its kind."""
    if not element.raw.startswith(b"{"):
        return Quarantined(reason="not_an_object", pointer=element.pointer, body=element.raw)
    try:
        return _READERS.get(element.kind, unknown)(element)
    except RecursionError:
        return Quarantined(reason="too_deep", pointer=element.pointer, body=element.raw)


def _whole(element: Element) -> Decoded:
    return _FIELDS.get(element.frame.field, unknown)(element)


_FIELDS: dict[str, Reader] = {
    **dict.fromkeys(account.ACCOUNT_FIELDS | account.TEMPLATE_FIELDS, account.read),
    "messaging_handovers": handover.read,
}
_READERS: dict[str, Reader] = {
    "value.messages": message.read,
    "value.statuses": status.read,
    "value.message_echoes": message.echo,
    "value.calls": call.read,
    "value.groups": group.read,
    "value.user_preferences": preference.read,
    "value.user_actions": marketing.action,
    "value.automatic_events": marketing.automatic_event,
    "value.user_id_update": identity.update,
    "value.state_sync": address_book.read,
    "value.errors": error.read,
    "value.history": history.rest,
    "value.history.errors": history.declined,
    "value.history.threads": history.rest,
    "value.history.threads.messages": history.read,
    "history.messages": history.follow_up,
    "history.message_echoes": history.follow_up_echo,
    CHANGE: _whole,
}
