"""Ids that are made of others.

The id of a delivery says which event goes to which endpoint, so no store needs an index for it.
"""

_PREFIX = "dlv_"
_EVENT_PREFIX = "evt_"


def delivery_id(event_id: str, endpoint_id: str) -> str:
    """`dlv_` + the event's characters + `_` + the endpoint's id."""
    return f"{_PREFIX}{event_id.removeprefix(_EVENT_PREFIX)}_{endpoint_id}"


def parts_of_delivery(identifier: str) -> tuple[str, str] | None:
    """The event's id and the endpoint's; None for what cannot be a delivery's id."""
    event, _, endpoint = identifier.removeprefix(_PREFIX).partition("_")
    if not (identifier.startswith(_PREFIX) and event and endpoint):
        return None
    return _EVENT_PREFIX + event, endpoint


def webhook_id(event_id: str, revision: int) -> str:
    """What a receiver knows a delivery by: the event's id, and from the second revision on its number."""
    return event_id if revision == 1 else f"{event_id}_r{revision}"
