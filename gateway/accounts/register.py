"""What is kept with an account beside what its owner has said of it."""

from typing import Any

from msgspec.structs import replace

from gateway.directory import Directory
from gateway.store.base import Store
from gateway.store.records import Account


class Register:
    """Changes one account at a time, as it is now; not if somebody has connected it anew meanwhile."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self._store = store
        self._directory = directory

    async def change(self, account: Account, **changes: Any) -> Account:
        """The account changed, or as it was given. Raises StoreUnavailable."""
        before = await self._put(account, changes)
        return account if before is None else replace(before, **changes)

    async def degrade(self, account: Account, code: str | None) -> bool:
        """Note what keeps it from working, or that nothing does; whether that is news of a fault.

        Of several who find the same at once, one brings the news. Raises StoreUnavailable.
        """
        before = await self._put(account, {"degraded": code})
        return code is not None and before is not None and before.degraded is None

    async def _put(self, account: Account, changes: dict[str, Any]) -> Account | None:
        """The account as it was before; None: nothing was changed."""
        async with self._directory.changing():
            present = self._directory.accounts.get(account.id)
            if present is None or present.access_token != account.access_token:
                return None
            changed = replace(present, **changes)
            if changed != present:
                await self._store.put_account(changed)
            return present
