"""Accounts that change hands: a contract of its own, beside the traffic."""

from gateway.store.records import Account
from gateway.store.redis.central.configuration import Configurations
from gateway.store.redis.upkeep.moves import PLACE, Move, Moves


class RedisOwnership:
    """Accounts that change hands."""

    def __init__(self, configurations: Configurations, moves: Moves) -> None:
        self._configurations = configurations
        self._moves = moves

    async def move(self, account_id: str, customer_id: str, *, history: bool) -> bool:
        name = await self._moves.next_name()
        moves: list[Move] = []

        def note(account: Account) -> tuple[str, str, bytes] | None:
            moves.clear()
            if not history or account.customer_id == customer_id:
                return None
            moves.append(Move(account.platform, account.page_id, account.customer_id, customer_id))
            return PLACE, name, moves[0].packed()

        moved = await self._configurations.move_account(account_id, customer_id, note)
        for move in moves:
            await self._moves.send_for_owner(move)
        return moved

    async def follow(self, limit: int) -> int:
        return await self._moves.follow(limit)
