"""Outcomes of attempts, settled in groups on the shards where their deliveries are."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import msgspec

from gateway.store.records import Outcome, Settlement
from gateway.store.redis.layout.attempts import attempt_text
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.together import Together

_FINISH = shard_script("events/ended", "events/finish")
_STAGES = {"pending": 0, "failed": 1, "delivered": 4, "dead": 5}
_REPORTS = 1 << 32
_Claim = tuple[int, str, int]
"""Event, endpoint, number of the claim."""
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[bool])


class Settlements:
    """Every outcome may be told twice: the second time it moves nothing, unless the first answer was lost."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._each = [Together(_Shard(shards, shard).finish) for shard in shards.numbers]

    async def close(self) -> None:
        """Settle what was told."""
        await asyncio.gather(*(one.close() for one in self._each))

    async def finish(self, outcomes: Sequence[Outcome]) -> list[Settlement]:
        """Settle each outcome; one that comes late or twice moves nothing."""
        lots: dict[int, list[int]] = {}
        for number, outcome in enumerate(outcomes):
            lots.setdefault(outcome.job.place[1] % self._shards.count, []).append(number)
        if len(lots) == 1:
            (shard,) = lots
            return await self._each[shard].ask(outcomes)
        found = await asyncio.gather(
            *(self._each[shard].ask([outcomes[number] for number in lot]) for shard, lot in lots.items())
        )
        numbers = [number for lot in lots.values() for number in lot]
        settled = dict(zip(numbers, (one for part in found for one in part), strict=True))
        return [settled[number] for number in range(len(outcomes))]


class _Shard:
    def __init__(self, shards: Shards, shard: int) -> None:
        self._shards = shards
        self._shard = shard
        self._reports = int.from_bytes(os.urandom(4))
        self._doubted: dict[_Claim, int] = {}
        """The numbers of reports of which nobody knows whether they arrived."""

    async def finish(self, lots: Sequence[Sequence[Outcome]]) -> list[list[Settlement] | Exception]:
        self._reports = (self._reports + 1) % _REPORTS
        numbered = [(outcome, self._number(outcome)) for lot in lots for outcome in lot]
        packed = _encoder.encode([[*_packed(outcome), number] for outcome, number in numbered])
        self._doubted |= {_claim(outcome): number for outcome, number in numbered}
        flat = _decoder.decode(await self._shards.run(self._shard, _FINISH, packed, repeatable=True))
        for outcome, _ in numbered:
            self._doubted.pop(_claim(outcome), None)
        settled = (Settlement(moved=flat[n], released=flat[n + 1]) for n in range(0, len(flat), 2))
        return [[next(settled) for _ in lot] for lot in lots]

    def _number(self, outcome: Outcome) -> int:
        """Whoever reports again what may have arrived reports it under the same number."""
        return self._doubted.get(_claim(outcome), self._reports)


def _claim(outcome: Outcome) -> _Claim:
    return outcome.job.place[0], outcome.job.endpoint_id, outcome.job.claim


def _packed(outcome: Outcome) -> list[Any]:
    job, attempt = outcome.job, outcome.attempt
    ended = outcome.state in ("delivered", "dead")
    return [
        str(job.place[0]),
        job.endpoint_id,
        job.claim,
        False if attempt is None else attempt_text(attempt),
        False if attempt is None else attempt.at,
        _STAGES[outcome.state],
        False if outcome.due_at is None else outcome.due_at,
        _finished_at(outcome) if ended else False,
        outcome.yields,
    ]


def _finished_at(outcome: Outcome) -> int:
    attempt = outcome.attempt
    return outcome.job.created_at if attempt is None else attempt.at + attempt.duration_ms
