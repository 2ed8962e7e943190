"""Accounts that change hands: a contract of its own, beside the traffic."""

from gateway.store.redis.configuration import Configurations


class RedisOwnership:
    """Accounts and whose they are."""

    def __init__(self, configurations: Configurations) -> None:
        self._configurations = configurations

    async def move(self, account_id: str, customer_id: str) -> bool:
        return await self._configurations.move_account(account_id, customer_id)
