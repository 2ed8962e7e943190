"""What claiming and finishing a delivery costs while many others wait."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from time import monotonic

from msgspec import Struct

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound
from adapters.event import encode
from bench.plan import Plan
from bench.traffic import Traffic
from gateway.store.base import Store
from gateway.store.records import Arrival, Attempt, Endpoint, Outcome, Route, Secret
from gateway.store.sqlite import SqliteStore
from gateway.vault import KEY_BYTES, Vault

_NOW = 1_790_000_000_000
_ENDPOINTS = tuple(f"ep_{number}" for number in range(20))
_CUSTOMER = "default"
_BATCH = 64
_LEASE_MS = 20_000
_MEASURED = 8_192


class Claim(Struct, frozen=True, kw_only=True):
    """Microseconds per delivery, in batches of 64."""

    pending: int
    """How many deliveries waited when the measurement began."""
    claim_us: float
    finish_us: float


async def claim(plan: Plan) -> list[Claim]:
    """Measure at each number of pending deliveries, in one store that grows."""
    measured: list[Claim] = []
    async with _store() as store:
        queue = _Queue(store, monotonic() + plan.fill_seconds)
        for pending in plan.pending:
            await queue.grow(pending)
            measured.append(await queue.measure())
            if queue.pending < pending - _MEASURED:
                break
    return measured


@asynccontextmanager
async def _store() -> AsyncIterator[Store]:
    with tempfile.TemporaryDirectory(prefix="bench-claim-") as directory:
        store = SqliteStore(Path(directory) / "gateway.db", Vault(bytes(KEY_BYTES)))
        await store.open()
        try:
            for endpoint_id in _ENDPOINTS:
                await store.put_endpoint(_endpoint(endpoint_id))
            yield store
        finally:
            await store.close()


class _Queue:
    """Deliveries of 5,000 people's messages to 20 endpoints, in order per conversation."""

    def __init__(self, store: Store, deadline: float) -> None:
        self.pending = 0
        self._store = store
        self._deadline = deadline
        self._traffic = Traffic("", _NOW)
        self._messages = 0

    async def grow(self, pending: int) -> None:
        """Queue until so many wait, or the time is up."""
        while self.pending < pending and monotonic() < self._deadline:
            missing = -(-(pending - self.pending) // len(_ENDPOINTS))
            count = min(_BATCH * 4, missing)
            arrivals = [self._arrival(n) for n in range(self._messages, self._messages + count)]
            await self._store.accept(arrivals)
            self._messages += count
            self.pending += count * len(_ENDPOINTS)

    async def measure(self) -> Claim:
        """Take deliveries off the queue, one endpoint after the other."""
        pending, claiming, finishing, done = self.pending, 0.0, 0.0, 0
        endpoint_ids = cycle(_ENDPOINTS)
        while done < min(_MEASURED, pending // 2):
            started = monotonic()
            jobs, _ = await self._store.claim(next(endpoint_ids), _NOW + 1, _LEASE_MS, _BATCH, 0)
            claimed = monotonic()
            attempt = Attempt(at=_NOW + 1, duration_ms=1, status=200)
            await self._store.finish([Outcome(job=job, attempt=attempt, state="delivered") for job in jobs])
            finishing += monotonic() - claimed
            claiming += claimed - started
            done += len(jobs)
            assert jobs, "the store gave no delivery although some are due"
        self.pending -= done
        return Claim(pending=pending, claim_us=claiming / done * 1e6, finish_us=finishing / done * 1e6)

    def _arrival(self, number: int) -> Arrival:
        platform, body = self._traffic.envelope(number)
        (decoded,) = ADAPTERS[platform].decode(Inbound(body))
        assert isinstance(decoded, Decoded)
        return Arrival(
            decoded=decoded,
            body=encode(decoded.event),
            received_at=_NOW,
            customer_ids=(_CUSTOMER,),
            routes=tuple(Route(endpoint_id=endpoint_id, ordered=True) for endpoint_id in _ENDPOINTS),
        )


def _endpoint(endpoint_id: str) -> Endpoint:
    return Endpoint(
        id=endpoint_id,
        customer_id=_CUSTOMER,
        url="http://127.0.0.1:9/",
        secrets=(Secret(value="whsec_"),),
        created_at=_NOW,
    )
