"""The id of a delivery says which event goes to which endpoint, so no store needs an index for it."""

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
