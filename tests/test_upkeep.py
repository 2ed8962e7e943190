"""What happens with time: too old things go, by the retention that the operator set."""

from pathlib import Path

import pytest

from gateway.delivery import retention
from gateway.upkeep import Upkeep
from tests.deliver.stage import endpoint, stage
from tests.gateways import settings

pytestmark = pytest.mark.anyio

DAY = 86_400_000


@pytest.mark.parametrize(("days", "left"), [(2, 1), (31, 0)])
async def test_pruning_goes_on_until_nothing_is_too_old(tmp_path: Path, days: int, left: int) -> None:
    async with stage(tmp_path, receiver=endpoint(status="paused")) as on:
        await on.arrive(*(f"ann:{number}" for number in range(120)))
        (*_, last) = await on.arrive("ann:last")
        later = on.clock() + days * DAY
        upkeep = Upkeep(on.store, on.dispatcher, lambda: later, retention(settings(tmp_path)))
        assert (await upkeep.prune() > 0) == (not left)
        assert (await on.store.event(None, last.event_id) is not None) == bool(left)
        assert await upkeep.prune() == 0
