"""Whether a person wants marketing messages.

Items of `user_preferences`: `{"wa_id"?,"user_id","detail","category":"marketing_messages",
"value":"stop"|"resume"|"signup","signup_id"?,"timestamp"}`. Meta, "user_preferences webhook reference".
"""

from typing import Any

from adapters._values import text, with_text_ids
from adapters._wire import parse
from adapters.base import Decoded
from adapters.parts import Consent
from adapters.whatsapp.element import UNKNOWN, Element, Fact, decoded
from adapters.whatsapp.frame import inbound
from adapters.whatsapp.person import party

_STATES: dict[Any, Any] = {"stop": "opted_out", "resume": "opted_in", "signup": "opted_in"}


def read(element: Element) -> Decoded:
    """An item of `user_preferences`. Consent is not guessed: another value stays unknown."""
    item: dict[str, Any] = parse(element.raw)
    who = party(*(text(item.get(key)) for key in ("wa_id", "user_id", "parent_user_id")))
    return decoded(element, inbound(element.frame, who, (), item.get("timestamp")), _fact(item))


def _fact(item: dict[str, Any]) -> Fact:
    value = text(item.get("value"))
    state = _STATES.get(value)
    if state is None:
        return UNKNOWN
    details = {key: item[key] for key in ("value", "detail", "signup_id") if key in item}
    topic = text(item.get("category"))
    consent = Consent(state=state, source="user_preferences", topic=topic, details=with_text_ids(details))
    return Fact(f"contact.{state}", {"consent": consent})
