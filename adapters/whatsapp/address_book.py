"""The phone's address book, where a number is used in the WhatsApp Business app too.

Items of `state_sync`: `{"type":"contact","contact":{"full_name"?,"first_name"?,"phone_number"?,
"user_id","parent_user_id"?,"username"?},"action":"add"|"remove","metadata":{"timestamp"}}`. The names
are the business's own for the person, not the person's, so they stay in `history` and name no contact.
Meta, "smb_app_state_sync webhook reference".
"""

from typing import Any

from adapters._values import mapping, text, with_text_ids
from adapters._wire import parse
from adapters.base import Decoded, Person
from adapters.whatsapp.element import Element, Fact, decoded
from adapters.whatsapp.frame import Header
from adapters.whatsapp.person import party


def read(element: Element) -> Decoded:
    """An item of `state_sync`, of whatever type."""
    item: dict[str, Any] = with_text_ids(parse(element.raw))
    history = {**item, "change": text(item.get("type")) or "state_sync"}
    time = mapping(item.get("metadata")).get("timestamp")
    who = _person(mapping(item.get("contact")), element.frame.scope)
    header = Header(time=time, person=who, origin="phone_app")
    return decoded(element, header, Fact("history.imported", {"history": history}))


def _person(card: dict[str, Any], scope: str) -> Person | None:
    who = party(*(text(card.get(key)) for key in ("phone_number", "user_id", "parent_user_id")))
    identities = who.identities(scope)
    username = (text(card.get("username")) or "").removeprefix("@")
    return Person(identities=identities, username=username or None) if identities else None
