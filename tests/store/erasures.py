"""People to be erased, and what must be left of them."""

from pathlib import Path

from msgspec.structs import replace

from adapters.base import Identity
from gateway.store.base import Store
from gateway.store.erasure import Erasure, ErasurePlan, ErasureStep
from tests.store.samples import NOW

LIMIT = 3


async def erase(store: Store, plan: ErasurePlan, number: int = 1) -> ErasureStep:
    """Begin an erasure and carry it to its end; the last step."""
    await begin(store, plan, number)
    return await carry_on(store)


async def begin(store: Store, plan: ErasurePlan, number: int = 1) -> Erasure:
    erasure = Erasure(id=f"era_{number}", code=f"code-{number}", state="running", requested_at=NOW)
    return await store.people.begin_erasure(erasure, plan)


async def carry_on(store: Store) -> ErasureStep:
    """Steps until one is the last; then it is over."""
    while True:
        step = await store.people.advance_erasure(LIMIT, NOW)
        assert step is not None
        if step.done:
            ended = await store.people.end_erasure(step.erasure.id, NOW)
            assert ended is not None
            return replace(step, erasure=ended)


def by(kind: str, value: str, scope: str, platform: str = "facebook", **fields: str) -> ErasurePlan:
    """Whoever has this identity."""
    return ErasurePlan(platform=platform, identity=Identity(kind, value, scope), **fields)


def left_in(directory: Path, *texts: str) -> list[tuple[str, str]]:
    """Where these texts still stand, in any file of the store."""
    return [
        (file.name, text)
        for file in sorted(directory.glob("gateway.db*"))
        for text in texts
        if text.encode() in file.read_bytes()
    ]
