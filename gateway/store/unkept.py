"""Erasures where a store does not keep them yet: none is under way, and none is begun."""

from typing import NoReturn

from adapters.base import Identity
from gateway.store.erasure import Erasure, ErasurePlan
from gateway.store.errors import StoreUnavailable


class UnkeptErasing:
    """Fits `Erasing`. What runs by itself finds nothing to do; what is asked for says what to do instead."""

    async def advance_erasure(self, limit: int, now: int) -> None:
        """None is running."""

    async def resolve_parked(self, platform: str, identity: Identity, contact_id: str) -> None:
        """Nothing waits for anybody."""

    async def parked(self) -> tuple[tuple[str, Identity], ...]:
        """Nothing waits."""
        return ()

    async def begin_erasure(self, erasure: Erasure, plan: ErasurePlan) -> NoReturn:
        """Refused."""
        raise StoreUnavailable("erasures need the SQLite store so far: GATEWAY_STORE=sqlite:///…")

    async def erasure(self, code: str) -> None:
        """There is none."""
