"""Accounts that change hands: a contract of its own, beside the traffic."""

from gateway.store.records import Account
from gateway.store.redis.configuration import Configurations
from gateway.store.redis.moves import PLACE, Move, Moves
from gateway.store.redis.shards import Shards


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
