"""The part of the store contract by which a person is erased."""

from typing import Protocol

from adapters.base import Identity
from gateway.store.erasure import Erasure, ErasurePlan, ErasureStep


class Erasing(Protocol):
    """Physical deletion, in steps that a crash may interrupt anywhere."""

    async def begin_erasure(self, erasure: Erasure, plan: ErasurePlan) -> Erasure:
        """Keep a request to erase a person, durably; its first step is due at once.

        `parked`, where the plan names an app-scoped id that leads to nobody. A second one under the same code
        is the first.
        """
        ...

    async def advance_erasure(self, limit: int, now: int) -> ErasureStep | None:
        """Do one step of the oldest running erasure, over at most `limit` rows; None: none is running.

        Event ids stay as tombstones, so that what the platform sends again is a duplicate. What is under
        way to an endpoint has no further attempt, and its outcome is not kept. Who comes back is somebody
        new, in a conversation with another id. When a step has returned as the last one (`done`) no byte of
        the person is left in the store's files; it is returned again until `end_erasure`.
        """
        ...

    async def end_erasure(self, erasure_id: str, now: int) -> Erasure | None:
        """It is over: whoever had the person's data has been told. None: it was over already.

        Where the platform has not told yet what else the person is called, it is `parked`.
        """
        ...

    async def resolve_parked(
        self, platform: str, identity: Identity, others: tuple[Identity, ...] | None = None
    ) -> None:
        """Run what is parked under an id, if it leads to anybody by now; what has begun, after the answer.

        `others`: what the platform has answered that the person's other ids are; None: it was not asked.
        """
        ...

    async def parked(self) -> tuple[tuple[str, Identity], ...]:
        """Platform and id of what waits to be resolved."""
        ...

    async def erasure(self, code: str) -> Erasure | None:
        """How far it is, for whoever has the code."""
        ...
