"""What a decision does to sorted sets is part of its commit."""

from functools import partial
from uuid import uuid4

import pytest

from gateway.store.redis.intake.deciding import Deciding, Decision
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.view import View
from tests.redis_servers import RedisServer
from tests.store.redis.stage import connected
from tests.store.samples import NOW

pytestmark = pytest.mark.anyio

CELL = ("contacts", "1")
INDEX = "{gateway:0}:by_name"


async def test_members_of_a_sorted_set_get_their_score_and_leave(redis_server: RedisServer) -> None:
    async with connected(redis_server.url) as connection:
        view = View(uuid4)
        deciding = Deciding(Shards(connection, 1), 0, view)
        for scores in ({"a": NOW, "b": 0}, {"a": NOW + 1, "b": None}):
            for member, score in scores.items():
                await deciding.decide(Decision(partial(view.index, "by_name", member, score), NOW))
        await deciding.close()
    assert redis_server.client.zrange(INDEX, 0, -1, withscores=True) == [(b"a", NOW + 1)]


async def test_a_decision_that_lost_changes_no_sorted_set(redis_server: RedisServer) -> None:
    async with connected(redis_server.url) as connection:
        view = View(uuid4)
        view.learn(CELL, "old")
        redis_server.client.hset("{gateway:0}:contacts", "1", "new")
        deciding = Deciding(Shards(connection, 1), 0, view)
        await deciding.decide(Decision(lambda: view.index("by_name", view.get(CELL), 1), NOW))
        await deciding.close()
    assert redis_server.client.zrange(INDEX, 0, -1) == [b"new"]
