"""Attempts as they are written: short, because there is one of them for nearly every delivery."""

import msgspec
from msgspec import Struct

from gateway.store.records import Attempt

RESPONSE_BYTES = 16_384
_encoder = msgspec.json.Encoder()


class _Row(Struct, array_like=True, omit_defaults=True):
    at: int
    duration_ms: int
    error: str | None
    status: int | None
    detail: str | None
    response: str
    request_headers: dict[str, str] | None = None
    response_headers: dict[str, str] | None = None


_decoder = msgspec.json.Decoder(_Row)


def attempt_text(attempt: Attempt) -> str:
    """The attempt, its moment first: scripts read that. A long answer is cut."""
    one, response = attempt, attempt.response
    if len(response) * 4 > RESPONSE_BYTES:
        response = response.encode(errors="replace")[:RESPONSE_BYTES].decode(errors="ignore")
    what = (one.at, one.duration_ms, one.error, one.status, one.detail, response)
    row = _Row(*what, one.request_headers or None, one.response_headers or None)
    return _encoder.encode(row).decode()


def attempt_of(text: bytes) -> Attempt:
    """The attempt again."""
    row = _decoder.decode(text)
    return Attempt(
        at=row.at,
        duration_ms=row.duration_ms,
        error=row.error,
        status=row.status,
        detail=row.detail,
        response=row.response,
        request_headers=row.request_headers or {},
        response_headers=row.response_headers or {},
    )
