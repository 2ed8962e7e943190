"""From an element to what it says. Nothing is refused for being unknown."""

from msgspec import Raw, structs

from adapters._members import members
from adapters._messenger import wire
from adapters._messenger.assembly import decoded
from adapters._messenger.elements import CHANGES, ENTRY, MESSAGING, STANDBY, Element
from adapters._messenger.fact import Fact
from adapters._messenger.items import read_item
from adapters._wire import load, parse
from adapters.base import Decoded, Quarantined

_ADDRESS = ("sender", "recipient", "timestamp", "prior_message")
_NOTHING = wire.Item()


def read(element: Element) -> Decoded | Quarantined:
    """The event of an element; nested beyond all reason, or not UTF-8, it is put aside whole."""
    try:
        if not element.raw.isascii():
            element.raw.decode()
        return _read(element)
    except UnicodeDecodeError:
        return Quarantined(reason="not_json", pointer=element.pointer, body=element.raw)
    except RecursionError:
        return Quarantined(reason="too_deep", pointer=element.pointer, body=element.raw)


def _read(element: Element) -> Decoded:
    container, name = element.container, element.entry.object
    if name is not None and name != element.source.channel.object:
        return _unknown(element, _NOTHING)
    if container in (MESSAGING, STANDBY):
        return _item(element)
    if container == CHANGES:
        return _change(element)
    return _unknown(element, _NOTHING if container == ENTRY else load(wire.Item, element.raw))


def _item(element: Element) -> Decoded:
    item = load(wire.Item, element.content)
    fact = read_item(item)
    if fact is not None:
        return decoded(element, item, fact)
    keys = [key for key in members(element.content) or {} if key not in _ADDRESS]
    return _unknown(element, item, keys[0] if keys else "")


def _change(element: Element) -> Decoded:
    """`{"field","value"}`; Meta's test button, for one, sends messaging items this way, too."""
    change = members(element.raw) or {}
    given = parse(change["field"]) if "field" in change else None
    field = given if type(given) is str else ""
    value = bytes(change.get("value", Raw(b"null")))
    if not value.startswith(b"{"):
        return _unknown(element, _NOTHING, field)
    inner = structs.replace(element, content=value)
    reader = element.source.channel.changes.get(field)
    if reader is not None:
        return decoded(inner, _NOTHING, reader(parse(value)))
    item = load(wire.Item, value)
    fact = read_item(item)
    if fact is None:
        return _unknown(inner, item, field)
    return decoded(structs.replace(inner, container=STANDBY if field == STANDBY else MESSAGING), item, fact)


def _unknown(element: Element, item: wire.Item, name: str = "") -> Decoded:
    """`name` is Meta's word for it, if it has one; however long, its beginning will do."""
    return decoded(element, item, Fact(event="unknown", kind=name[:64], parts={}, actor="untold"))
