"""Deliveries that are due: which endpoints have some, and a lease on them."""

from collections.abc import Sequence
from typing import Any

from gateway.store.identifiers import delivery_id, webhook_id
from gateway.store.records import Backlog, Job
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.form import read_form
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards

_CLAIM, _BACKLOG = shard_script("events/claim"), shard_script("events/backlog")


class Claims:
    """Asks the shards; several processes may do so at once, and none gets what another has."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def backlog(self) -> list[Backlog]:
        """For each endpoint with open deliveries: when the first can be claimed, leases that end included."""
        first: dict[str, int] = {}
        for answer in await self._shards.everywhere(_BACKLOG, "", repeatable=True):
            for endpoint, moment in zip(answer[::2], answer[1::2], strict=True):
                name, due_at = endpoint.decode(), int(moment)
                first[name] = min(due_at, first.get(name, due_at))
        return [Backlog(endpoint_id=name, due_at=due_at) for name, due_at in sorted(first.items())]

    async def claim(
        self, endpoint_id: str, now: int, lease_ms: int, first: int, retries: int
    ) -> tuple[list[Job], int | None]:
        """Lease what is due, the shard with the oldest first, and tell when the next will be."""
        jobs: list[Job] = []
        moments: list[int] = []
        for shard in await self._with_work(endpoint_id):
            untried = sum(job.attempts == 0 for job in jobs)
            limits = (first - untried, retries - (len(jobs) - untried))
            answer = await self._shards.run(shard, _CLAIM, endpoint_id, now, lease_ms, *limits)
            moments += [int(answer[0])] if answer[0] != b"" else []
            jobs += [_job(endpoint_id, shard, parts) for parts in answer[1:]]
        return jobs, min(moments, default=None)

    async def _with_work(self, endpoint_id: str) -> Sequence[int]:
        """The shards that have open deliveries for it, the one with the oldest first."""
        if self._shards.count == 1:
            return (0,)
        answers = await self._shards.everywhere(_BACKLOG, endpoint_id, repeatable=True)
        found = [(float(answer[1]), shard) for shard, answer in enumerate(answers) if answer]
        return [shard for _, shard in sorted(found)]


def _job(endpoint_id: str, shard: int, parts: Sequence[Any]) -> Job:
    key, claim, tries, created_at, first_failed_at, replay, form, packed = parts
    event = blobs.unpacked(packed)
    format, include_raw = read_form(form.decode())
    return Job(
        delivery_id=delivery_id(event.content.id, endpoint_id),
        endpoint_id=endpoint_id,
        event_id=event.content.id,
        webhook_id=webhook_id(event.content.id, event.head.revision),
        body=event.content.body,
        claim=claim,
        attempts=tries,
        created_at=created_at,
        conversation_id=event.head.conversation_id or None,
        first_failed_at=None if first_failed_at == b"" else first_failed_at,
        replay=bool(replay),
        format=format,
        include_raw=include_raw,
        place=(int(key), shard),
    )
