"""Attempts as they are written: short, because there is one of them for nearly every delivery."""

import msgspec

from gateway.store.records import Attempt

RESPONSE_BYTES = 16_384
_Row = tuple[int, int, str | None, int | None, str | None, str]
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Row)


def attempt_text(attempt: Attempt) -> str:
    """The attempt, its moment first: scripts read that. A long answer is cut."""
    one, response = attempt, attempt.response
    if len(response) * 4 > RESPONSE_BYTES:
        response = response.encode(errors="replace")[:RESPONSE_BYTES].decode(errors="ignore")
    row = (one.at, one.duration_ms, one.error, one.status, one.detail, response)
    return _encoder.encode(row).decode()


def attempt_of(text: bytes) -> Attempt:
    """The attempt again."""
    at, duration_ms, error, status, detail, response = _decoder.decode(text)
    return Attempt(
        at=at, duration_ms=duration_ms, error=error, status=status, detail=detail, response=response
    )
