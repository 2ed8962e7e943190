"""The contract about people where a store does not keep it yet: nothing is under way, all else is refused."""

from typing import Any, cast

from gateway.store.contacts import People
from gateway.store.errors import StoreUnavailable


class _UnkeptPeople:
    """Fits `People`. What runs by itself finds nothing to do; what is asked for says what to do instead."""

    async def advance_erasure(self, limit: int, now: int) -> None:
        """None is running."""

    async def parked(self) -> tuple[Any, ...]:
        """Nothing waits."""
        return ()

    async def _refuse(self, *_: Any, **__: Any) -> Any:
        raise StoreUnavailable(
            "contacts and erasures need the SQLite store so far: GATEWAY_STORE=sqlite:///…"
        )

    addressee = mark_stale = contacts = contact = link = unlink = merge = keep_apart = _refuse
    deauthorize = profile = keep_profile = suspects = _refuse
    begin_erasure = resolve_parked = erasure = _refuse


def unkept_people() -> People:
    """For a store that keeps none."""
    return cast(People, _UnkeptPeople())
