"""The headers of a request in the log of attempts: without secrets, and only what cannot be derived.

The time of the attempt is `webhook-timestamp`, the event's id is `webhook-id` unless it is a revision. A
signature cannot be derived: the secret that made it may be gone. A customer's own headers are named; their
values are never shown.
"""

from collections.abc import Mapping

from gateway.deliver.preparation import USER_AGENT, Headers

HIDDEN = "(hidden)"
"""In place of a value that may be a secret."""
_USUAL: Headers = (("content-type", "application/json"), ("user-agent", USER_AGENT))
_UNKEPT = frozenset(_USUAL)
_OURS = frozenset(
    (
        *("content-type", "user-agent", "webhook-id", "webhook-signature", "webhook-replay"),
        *("X-Hub-Signature-256", "X-SocialHook-Signature"),
    )
)
"""What holds no secret of the customer's, as the gateway writes it."""


def kept(sent: Headers, event_id: str) -> dict[str, str]:
    """What is stored of the headers that were sent for an event."""
    usual_id = ("webhook-id", event_id)
    return {
        header[0]: header[1] if header[0] in _OURS else HIDDEN
        for header in sent
        if header not in _UNKEPT and header != usual_id and header[0] != "webhook-timestamp"
    }


def shown(stored: Mapping[str, str], event_id: str, at: int) -> dict[str, str]:
    """The headers again; `at` is when the attempt began, in Unix milliseconds."""
    if not stored:
        return {}
    return {**dict(_USUAL), "webhook-id": event_id, "webhook-timestamp": str(at // 1_000), **stored}
