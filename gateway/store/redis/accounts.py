"""Accounts that change hands, and what customers use: contracts of their own, beside the traffic."""

from gateway.store.base import StoreUnavailable
from gateway.store.redis.configuration import Configurations
from gateway.store.usage import Usage


class RedisUsage:
    """Not counted here: reading says so instead of giving zeros, and nothing waits for a count."""

    async def tally(self, limit: int) -> int:
        return 0

    async def read(self, customer_id: str | None, month: str) -> tuple[Usage, ...]:
        raise StoreUnavailable("usage is counted by the SQLite store only")


class RedisOwnership:
    """Accounts that change hands."""

    def __init__(self, configurations: Configurations) -> None:
        self._configurations = configurations

    async def move(self, account_id: str, customer_id: str) -> bool:
        return await self._configurations.move_account(account_id, customer_id)
