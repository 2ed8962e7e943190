"""Changes of a person's ids, announced by Meta: a new number, a new BSUID, a new security code.

Since August 2026 they come as `system` messages with `previous_*` members; before, some came as items of
`user_id_update`, which is still read. Old and new ids name the same person because Meta says so; the
text in `system.body` is never read for ids, as names in it are the user's own.
Meta, "System messages webhook reference" and "Business-scoped user IDs".
"""

from typing import Any

from msgspec import structs

from adapters._values import text, with_text_ids
from adapters._wire import parse
from adapters.base import Decoded, Identity, Person
from adapters.parts import IdentityChange, PersonIdentity
from adapters.whatsapp import wire
from adapters.whatsapp.element import Element, Fact, decoded
from adapters.whatsapp.frame import Frame, inbound
from adapters.whatsapp.person import Party, party

_CHANGES = {
    "user_changed_number": "number",
    "customer_changed_number": "number",
    "user_changed_user_id": "user_id",
    "customer_identity_changed": "security_code",
}


def system(item: wire.Message, frame: Frame) -> Fact | None:
    """The change in a `system` message; None where it announces something else."""
    told = item.system or wire.System()
    change = _CHANGES.get(told.type or "")
    if change is None:
        return None
    if change == "security_code":
        details = with_text_ids(item.identity or told.identity)
        return Fact("contact.identity_changed", {"identity": IdentityChange(change=change, details=details)})
    after = party(told.wa_id or told.new_wa_id, told.user_id, told.parent_user_id)
    before = _before(item, told, after)
    unchanged = party(item.from_, item.from_user_id, item.from_parent_user_id)
    return _changed(change, frame, before, after, unchanged)


def announced(item: wire.Message) -> Party:
    """Who a system message is about; it may name its person nowhere but in the change."""
    told = item.system or wire.System()
    who = party(item.from_, item.from_user_id, item.from_parent_user_id)
    return who if who.address() else party(told.wa_id or told.new_wa_id, told.user_id, told.parent_user_id)


def _before(item: wire.Message, told: wire.System, after: Party) -> Party:
    """The ids given up. A sender's id that is not among the new ones is an old one."""
    phone = told.previous_wa_id or told.customer or item.from_
    bsuid = told.previous_user_id or item.from_user_id
    parent = told.previous_parent_user_id or item.from_parent_user_id
    return party(
        phone if after.phone and phone != after.phone else None,
        bsuid if bsuid != after.bsuid else None,
        parent if parent != after.parent else None,
    )


def update(element: Element) -> Decoded:
    """An item of `user_id_update`: `{"wa_id"?,"user_id":{"previous","current"},"parent_user_id"?,…}`."""
    item = parse(element.raw)
    bsuid, parent = _pair(item.get("user_id")), _pair(item.get("parent_user_id"))
    before, after = party(None, bsuid[0], parent[0]), party(None, bsuid[1], parent[1])
    who = party(text(item.get("wa_id")), after.bsuid, after.parent)
    header = structs.replace(inbound(element.frame, who, (), item.get("timestamp")), origin="platform")
    return decoded(element, header, _changed("user_id", element.frame, before, after, who))


def _pair(value: Any) -> tuple[str | None, str | None]:
    """Previous and current; an id alone is the current one."""
    if isinstance(value, dict):
        return text(value.get("previous")), text(value.get("current"))
    return None, text(value)


def _changed(change: str, frame: Frame, before: Party, after: Party, unchanged: Party) -> Fact:
    previous, current = before.identities(frame.scope), after.identities(frame.scope)
    # One person by Meta's own word: the newest ids first, each once.
    everyone = tuple(dict.fromkeys((*current, *previous, *unchanged.identities(frame.scope))))
    body = IdentityChange(change=change, previous=_shown(previous), current=_shown(current))
    former = tuple(one for one in previous if one not in current)
    named = Person(identities=everyone, asserted=True, former=former) if everyone else None
    return Fact("contact.identity_changed", {"identity": body}, person=named)


def _shown(identities: tuple[Identity, ...]) -> tuple[PersonIdentity, ...]:
    return tuple(PersonIdentity(kind=one.kind, value=one.value, scope=one.scope) for one in identities)
