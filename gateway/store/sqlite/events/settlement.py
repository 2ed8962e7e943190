"""Outcomes of attempts: the attempt is recorded, the delivery moves if its claim still holds."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections.abc import Sequence

import msgspec

from gateway.store.records import Attempt, Outcome, Settlement
from gateway.store.sqlite.layout.bulk import Bulk, Row
from gateway.store.sqlite.layout.lines import LEASED, TRIED, UNTRIED, Line, Lines
from gateway.store.sqlite.upkeep.sweeps import Sweeps

RESPONSE_BYTES = 16_384
# What was under way while its event was erased must not bring a response back.
_ATTEMPTS = """
    INSERT OR IGNORE INTO attempts SELECT * FROM (VALUES {rows})
    WHERE EXISTS (SELECT 1 FROM events WHERE key = column1)
"""
_LEASED = f"""
    WITH tried (event, endpoint) AS (VALUES {{rows}})
    SELECT d.event, d.endpoint, d.claim, d.line FROM tried CROSS JOIN open_deliveries d
    ON d.event = tried.event AND d.endpoint = tried.endpoint AND d.stage = {LEASED}
"""
_CLOSE = "DELETE FROM open_deliveries WHERE event = ? AND endpoint = ?"
_FINISHED = "INSERT INTO finished_deliveries VALUES {rows}"
_POSTPONE = f"""
    UPDATE open_deliveries
    SET stage = iif(tried + ?1 > 0, {TRIED}, {UNTRIED}), due_at = ?2, tried = tried + ?1, line = ?3,
        first_failed_at = coalesce(first_failed_at, ?4)
    WHERE event = ?5 AND endpoint = ?6
"""


_Claim = tuple[int, int, int]
"""Event, endpoint, claim number: what an outcome must match."""


class Settlements:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, lines: Lines, sweeps: Sweeps) -> None:
        self._attempts = Bulk(connection, _ATTEMPTS, 11)
        self._leased = Bulk(connection, _LEASED, 2)
        self._finished = Bulk(connection, _FINISHED, 6)
        self._executemany = connection.cursor().executemany
        self._lines = lines
        self._sweeps = sweeps

    def finish(self, outcomes: Sequence[Outcome]) -> list[Settlement]:
        """Settle each outcome; one that comes late or twice moves nothing."""
        self._attempts.run(
            [attempt_row(_claim(one), one.attempt) for one in outcomes if one.attempt is not None]
        )
        rows = self._leased.run([outcome.job.place for outcome in outcomes])
        leased: dict[_Claim, int | None] = {
            (event, endpoint, claim): line for event, endpoint, claim, line in rows
        }
        moved = {claim: outcome for outcome in outcomes if (claim := _claim(outcome)) in leased}
        self._end([outcome for outcome in moved.values() if _is_finished(outcome)])
        self._postpone([(one, leased[claim]) for claim, one in moved.items() if not _is_finished(one)])
        left: dict[_Claim, Line] = {
            claim: (claim[1], line)
            for claim, outcome in moved.items()
            if (line := leased[claim]) is not None and (outcome.yields or _is_finished(outcome))
        }
        released = self._lines.release(set(left.values()))
        return [
            Settlement(moved=(claim := _claim(one)) in moved, released=left.get(claim) in released)
            for one in outcomes
        ]

    def _end(self, outcomes: Sequence[Outcome]) -> None:
        self._executemany(_CLOSE, [outcome.job.place for outcome in outcomes])
        self._finished.run(
            [
                (*one.job.place, one.state, one.job.claim, one.job.created_at, _finished_at(one))
                for one in outcomes
            ]
        )
        self._sweeps.ended(outcome.job.place[0] for outcome in outcomes)

    def _postpone(self, outcomes: Sequence[tuple[Outcome, int | None]]) -> None:
        """Try again later. Who yields leaves the line: nobody waits for it any more, nor it for anybody."""
        self._executemany(
            _POSTPONE,
            [
                (
                    0 if one.attempt is None else 1,
                    one.job.created_at if one.due_at is None else one.due_at,
                    None if one.yields else line,
                    None if one.attempt is None else one.attempt.at,
                    *one.job.place,
                )
                for one, line in outcomes
            ],
        )


def _claim(outcome: Outcome) -> _Claim:
    return (*outcome.job.place, outcome.job.claim)


def _is_finished(outcome: Outcome) -> bool:
    return outcome.state in ("delivered", "dead")


def attempt_row(claim: tuple[int, int, int], attempt: Attempt) -> Row:
    """The row of an attempt that was made under a claim: event, endpoint and the claim's number."""
    response = attempt.response.encode(errors="replace")[:RESPONSE_BYTES].decode(errors="ignore")
    what = (attempt.at, attempt.duration_ms, attempt.error, attempt.status, attempt.detail, response)
    return (*claim, *what, _json(attempt.request_headers), _json(attempt.response_headers))


def _json(headers: dict[str, str]) -> str | None:
    return msgspec.json.encode(headers).decode() if headers else None


def _finished_at(outcome: Outcome) -> int:
    attempt = outcome.attempt
    return outcome.job.created_at if attempt is None else attempt.at + attempt.duration_ms
