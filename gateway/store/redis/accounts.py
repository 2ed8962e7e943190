"""Accounts that change hands, and what customers use: contracts of their own, beside the traffic."""

from gateway.store.base import StoreUnavailable
from gateway.store.records import Account
from gateway.store.redis.configuration import Configurations
from gateway.store.redis.moves import PLACE, Move, Moves
from gateway.store.redis.shards import Shards
from gateway.store.usage import Usage


class RedisUsage:
    """Not counted here: reading says so instead of giving zeros, and nothing waits for a count."""

    async def tally(self, limit: int) -> int:
        return 0

    async def read(self, customer_id: str | None, month: str) -> tuple[Usage, ...]:
        raise StoreUnavailable("usage is counted by the SQLite store only")


class RedisOwnership:
    """Accounts that change hands."""

    def __init__(self, shards: Shards, configurations: Configurations) -> None:
        self._configurations = configurations
        self._moves = Moves(shards, configurations)

    async def move(self, account_id: str, customer_id: str, *, history: bool) -> bool:
        name = await self._moves.next_name()

        def note(account: Account) -> tuple[str, str, bytes] | None:
            if not history or account.customer_id == customer_id:
                return None
            move = Move(account.platform, account.page_id, account.customer_id, customer_id)
            return PLACE, name, move.packed()

        return await self._configurations.move_account(account_id, customer_id, note)

    async def follow(self, limit: int) -> int:
        return await self._moves.follow(limit)
