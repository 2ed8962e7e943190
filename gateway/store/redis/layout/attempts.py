"""Attempts as they are written: short, because there is one of them for nearly every delivery."""

import msgspec
from msgspec import Struct, convert

from gateway.store.records import Attempt

RESPONSE_BYTES = 16_384


class _Row(Struct, array_like=True, omit_defaults=True):
    at: int
    duration_ms: int
    error: str | None
    status: int | None
    detail: str | None
    response: str
    request_headers: dict[str, str] = {}
    response_headers: dict[str, str] = {}


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Row)


def attempt_text(attempt: Attempt) -> str:
    """The attempt, its moment first: scripts read that. A long answer is cut."""
    one, response = attempt, attempt.response
    if len(response) * 4 > RESPONSE_BYTES:
        response = response.encode(errors="replace")[:RESPONSE_BYTES].decode(errors="ignore")
    about = (one.at, one.duration_ms, one.error, one.status, one.detail, response)
    row = _Row(*about, one.request_headers, one.response_headers)
    return _encoder.encode(row).decode()


def attempt_of(text: bytes) -> Attempt:
    """The attempt again."""
    return convert(_decoder.decode(text), Attempt, from_attributes=True)
