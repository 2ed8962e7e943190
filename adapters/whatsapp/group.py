"""Groups: created or deleted, joined or left, renamed, suspended.

Items of `groups` in `group_lifecycle_update`, `group_participants_update`, `group_settings_update` and
`group_status_update`: `{"timestamp","group_id","type","request_id"?,…}`. Meta, "Groups API webhooks".
"""

from typing import Any

from adapters._values import text, with_text_ids
from adapters._wire import parse
from adapters.base import Decoded
from adapters.whatsapp.element import Element, Fact, decoded
from adapters.whatsapp.frame import Header


def read(element: Element) -> Decoded:
    """An item of `groups`; it stands in the group's own conversation."""
    item: dict[str, Any] = parse(element.raw)
    change = text(item.get("type")) or element.frame.field
    header = Header(time=item.get("timestamp"), origin="platform", thread=text(item.get("group_id")))
    return decoded(
        element, header, Fact("group.update", {"group": {**with_text_ids(item), "change": change}})
    )
