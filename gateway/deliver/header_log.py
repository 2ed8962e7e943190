"""The headers of a request in the log of attempts: without secrets, and only what cannot be derived.

The time of the attempt is `webhook-timestamp`, the event's id is `webhook-id` unless it is a revision. A
signature cannot be derived: the secret that made it may be gone. A customer's own headers are named; their
values are never shown.
"""

from collections.abc import Mapping

from gateway.deliver.preparation import USER_AGENT, Headers

HIDDEN = "(hidden)"
"""In place of a value that may be a secret."""
_USUAL = {"content-type": "application/json", "user-agent": USER_AGENT}
_OURS = frozenset(
    (
        *("content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature"),
        *("webhook-replay", "x-hub-signature-256", "x-socialhook-signature"),
    )
)
"""What holds no secret of the customer's."""


def kept(sent: Headers, event_id: str) -> dict[str, str]:
    """What is stored of the headers that were sent for an event."""
    derived = {**_USUAL, "webhook-id": event_id}
    return {
        name: value if name.lower() in _OURS else HIDDEN
        for name, value in sent
        if name != "webhook-timestamp" and derived.get(name) != value
    }


def shown(stored: Mapping[str, str], event_id: str, at: int) -> dict[str, str]:
    """The headers again; `at` is when the attempt began, in Unix milliseconds."""
    if not stored:
        return {}
    return {**_USUAL, "webhook-id": event_id, "webhook-timestamp": str(at // 1_000), **stored}
