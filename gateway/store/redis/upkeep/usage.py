"""Usage, counted behind the traffic: each shard counts the events after the last one that it has counted.

An event counts in the month that its key stands for, so every process counts it alike.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from gateway.store.keys import counted_as
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.keys import moment_of
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.usage import Usage

_LOOK = shard_script("upkeep/tally_look")
_TALLY = shard_script("upkeep/tally")
_USAGE = shard_script("upkeep/usage")
_encoder = msgspec.msgpack.Encoder()
_Counted = Literal["received", "sent", "conversations"]


class _Origin(Struct):
    origin: str | None = None


class _Message(Struct, frozen=True):
    """A message for one customer that it counts for."""

    month: str
    account: str
    """Customer, platform and page."""
    counted: _Counted
    conversation: str
    """Hash of the conversation and the customer; empty: it has none."""


_origin = msgspec.json.Decoder(_Origin)


class RedisUsage:
    """Several processes may count at the same time: of a stretch that two look at, one is dropped."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def tally(self, limit: int) -> int:
        """Count the next events, at most `limit`; how many were looked at."""
        seen = 0
        for shard in self._shards.numbers:
            if seen < limit:
                seen += await self._tally_shard(shard, limit - seen)
        return seen

    async def read(self, customer_id: str | None, month: str) -> tuple[Usage, ...]:
        """A month of one customer, or of all (None), by customer, platform and page."""
        accounts: dict[str, Counter[str]] = defaultdict(Counter)
        for flat in await self._shards.everywhere(_USAGE, month, repeatable=True):
            for field, number in zip(flat[::2], flat[1::2], strict=True):
                account, _, counted = field.decode().rpartition(" ")
                accounts[account][counted] += int(number)
        found = [_usage(account, month, counts) for account, counts in accounts.items()]
        found.sort(key=lambda one: (one.customer_id, one.platform, one.page_id))
        return tuple(one for one in found if customer_id in (None, one.customer_id))

    async def _tally_shard(self, shard: int, limit: int) -> int:
        position, seen, reached, *flat = await self._shards.run(shard, _LOOK, limit, repeatable=True)
        if seen:
            rows = [flat[start : start + 4] for start in range(0, len(flat), 4)]
            stretch = _packed([one for row in rows for one in _messages(row)])
            forgotten = _month_before(moment_of(int(reached))).replace("-", "")
            await self._shards.run(shard, _TALLY, position, reached, forgotten, stretch, repeatable=True)
        return int(seen)


def _messages(row: Sequence[bytes]) -> Iterator[_Message]:
    """A message, once for each customer that it was taken in for."""
    key, name, platform, page = row[0].decode().split(" ", 3)
    # An echo of what the gateway has sent is the `message.sent` that was counted already.
    if row[3] and _origin.decode(blobs.unpacked(row[3]).content.body).origin == "gateway":
        return
    counted: _Counted = "received" if name == "message.received" else "sent"
    for customer in row[1].decode().split():
        talk = counted_as(row[2].decode(), customer)
        account = f"{customer}\n{platform}\n{page}"
        yield _Message(_month(moment_of(int(key))), account, counted, talk if row[2] else "")


def _packed(messages: Sequence[_Message]) -> bytes:
    """What they come to, as the script takes it."""
    counts = Counter((one.month, f"{one.account} {one.counted}") for one in messages)
    talks = {(one.month, one.conversation): one.account for one in messages if one.conversation}
    flat_counts: list[Any] = [part for cell, number in counts.items() for part in (*cell, number)]
    flat_talks = [part for talk, account in talks.items() for part in (*talk, f"{account} conversations")]
    return _encoder.encode([flat_counts, flat_talks])


def _month(at: int) -> str:
    """Of UTC, as in `2026-01`."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m")


def _month_before(at: int) -> str:
    first = datetime.fromtimestamp(at / 1000, UTC).replace(day=1, hour=0, minute=0, second=0)
    return _month(int(first.timestamp() * 1000) - 1)


def _usage(account: str, month: str, counts: Counter[str]) -> Usage:
    customer_id, platform, page_id = account.split("\n")
    return Usage(
        customer_id=customer_id,
        platform=platform,
        page_id=page_id,
        month=month,
        messages_received=counts["received"],
        messages_sent=counts["sent"],
        conversations=counts["conversations"],
    )
