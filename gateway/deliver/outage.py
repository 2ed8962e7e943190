"""One endpoint's outage: how far it has come, and what each step changes in the endpoint. Pure.

`failing_since` is written down after an hour without a success. From then on the outage is known: at half
and at four fifths of the time that leads to disabling, whoever can do something about it is warned. A change
answers None where the endpoint is so already, so that a step is taken once, whoever asks for it.
"""

from msgspec.structs import replace

from gateway.store.records import Endpoint

NOTICED_MS = 3_600_000
GIVEN_UP_MS = 5 * 86_400_000
GIVEN_UP_DELIVERIES = 20
GIVEN_UP = "no success for 5 days"
WARNED_MS = (GIVEN_UP_MS // 2, GIVEN_UP_MS * 4 // 5)


def warning_due(endpoint: Endpoint, now: int) -> bool:
    """Whether a moment to warn of has passed since the last warning (`now` in Unix milliseconds).

    A warning of an earlier outage is older than any of these moments, so nobody has to take it back.
    """
    since, warned_at = endpoint.failing_since, endpoint.warned_at
    if since is None or endpoint.status == "disabled":
        return False
    passed = [since + delay for delay in WARNED_MS if since + delay <= now]
    return bool(passed) and (warned_at is None or warned_at < passed[-1])


def disabled_at(endpoint: Endpoint) -> int | None:
    """When it will be disabled if nothing succeeds and enough fails; None: nothing threatens it."""
    if endpoint.failing_since is None or endpoint.status != "active":
        return None
    return endpoint.failing_since + GIVEN_UP_MS


def failing(endpoint: Endpoint, *, since: int) -> Endpoint | None:
    """The outage has become known."""
    return None if endpoint.failing_since is not None else replace(endpoint, failing_since=since)


def warned(endpoint: Endpoint, *, now: int) -> Endpoint | None:
    """The next warning is given."""
    return replace(endpoint, warned_at=now) if warning_due(endpoint, now) else None


def disabled(endpoint: Endpoint, *, reason: str, now: int) -> Endpoint | None:
    """Nothing is sent any more."""
    if endpoint.status == "disabled":
        return None
    since = now if endpoint.failing_since is None else endpoint.failing_since
    return replace(endpoint, status="disabled", status_reason=reason, failing_since=since)


def recovered(endpoint: Endpoint) -> Endpoint | None:
    """The outage is over."""
    if endpoint.failing_since is None or endpoint.status == "disabled":
        return None
    return replace(endpoint, failing_since=None)
