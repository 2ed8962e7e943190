"""What was asked under an `Idempotency-Key`, and what was answered: values of the store contract."""

from gateway.store.records import Record

KEYED_MS = 24 * 3_600_000
"""How long an answer can be had again. After that the same key is a new request."""


class KeyedRequest(Record, frozen=True, kw_only=True):
    """A request that must be done once, however often it is sent."""

    key: bytes
    """SHA-256 over caller, method, path and the client's key: none of them is kept."""
    fingerprint: bytes
    """SHA-256 over query and body: the same key with another one is a mistake of the client."""


class KeyedAnswer(Record, frozen=True, kw_only=True):
    """What was answered. It may hold a secret that is shown once, so a store seals it."""

    status: int
    media_type: str | None
    body: bytes

    def __repr__(self) -> str:
        return f"KeyedAnswer(status={self.status!r})"


class EarlierRequest(Record, frozen=True, kw_only=True):
    """The request that came first under the same key."""

    fingerprint: bytes
    answer: KeyedAnswer | None
    """None: it is still being done, or the process died over it."""
