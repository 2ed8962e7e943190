"""The business's own affairs: its account, its numbers, its templates and flows.

Fields whose value is one fact, without arrays of items and without `metadata`, so that they belong to
the WABA as a whole. `change` is Meta's field. Meta has a page for each in its webhook reference.
"""

from typing import Any

from adapters._values import with_text_ids
from adapters._wire import parse
from adapters.base import Decoded
from adapters.whatsapp.element import Element, Fact, decoded, unknown
from adapters.whatsapp.frame import Header

_QUALITY = "message_template_quality_update"

TEMPLATE_FIELDS = frozenset(
    {
        "message_template_components_update",
        "message_template_status_update",
        "template_category_update",
        _QUALITY,
    }
)
ACCOUNT_FIELDS = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_settings_update",
        "account_update",
        "business_capability_update",
        "business_username_update",
        "business_username_updates",
        "flows",
        "partner_solutions",
        "payment_configuration_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
    }
)


def read(element: Element) -> Decoded:
    """A change of one of these fields."""
    value: Any = parse(element.raw).get("value")
    if not isinstance(value, dict) or not value:
        return unknown(element)
    return decoded(
        element, Header(time=value.get("timestamp"), origin="platform"), _fact(element.frame.field, value)
    )


def _fact(field: str, value: dict[str, Any]) -> Fact:
    if field in ACCOUNT_FIELDS:
        return Fact("account.update", {"account": {**with_text_ids(value), "change": field}})
    # Meta's own sample of a quality update stands under the field of the status update.
    change = _QUALITY if "new_quality_score" in value else field
    return Fact("template.update", {"template": {**with_text_ids(value), "change": change}})
