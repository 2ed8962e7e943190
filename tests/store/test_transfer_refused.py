"""Moves that are refused before anything moves, and say why."""

import pytest

from gateway.neighbours import Ears
from gateway.store.address import parse_redis
from gateway.store.base import Conflict
from gateway.store.redis.central.neighbours import RedisNeighbours
from tests.store.erasures import begin, by
from tests.store.renormalisations import LATER
from tests.store.replays import asked
from tests.store.samples import (
    arrival,
    endpoint,
    event,
)
from tests.store.transfers import KINDS_OF_STORES, Place, both, migration

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("new", KINDS_OF_STORES)
async def test_a_store_with_other_content_is_not_entered(place: Place, new: str) -> None:
    async with both(place("sqlite", 0), place(new, 1)) as (old, filled):
        await filled.put_endpoint(endpoint())
        with pytest.raises(Conflict, match="not empty"):
            await migration(old, filled).move()


async def test_a_database_that_a_gateway_uses_is_neither_left_nor_entered(place: Place) -> None:
    url = place("redis", 0)
    neighbours = RedisNeighbours(parse_redis(url), delivers=False)
    await neighbours.start(Ears(changed=nothing, due=unheard, send=lambda *_: None, look=nothing))
    async with both(url, place("sqlite", 1)) as (used, other):
        for old, new in ((used, other), (other, used)):
            with pytest.raises(Conflict, match="a gateway is running"):
                await migration(old, new).move()
        await neighbours.stop()
        await migration(used, other).move()


def unheard(_: str) -> None:
    """Nor does this."""


async def nothing() -> None:
    """What is heard does not matter."""


async def test_what_only_the_old_store_can_carry_on_is_named_before_anything_moves(place: Place) -> None:
    async with both(place("shards", 0), place("sqlite", 1)) as (old, new):
        await old.put_endpoint(endpoint())
        pages = [event("message.received", "m", page_id=str(number)) for number in range(9)]
        await old.accept([arrival(one) for one in pages])
        await old.begin_replay(asked(rate=1, wanted="all"))
        for step in range(3):
            await old.advance_replay(LATER + step * 1_000)
        with pytest.raises(Conflict, match="the replay rpl_1 has come further"):
            await migration(old, new).move()
        await old.cancel_replay(None, "rpl_1", LATER)
        await begin(old, by("psid", "2001", "1"))
        with pytest.raises(Conflict, match="1 erasures are under way"):
            await migration(old, new).move()
        assert (await new.configuration()).endpoints == ()
