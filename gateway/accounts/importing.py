"""Connecting many at once: each is confirmed, connected and subscribed by itself, and again if need be."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from adapters.portfolio import Asset
from adapters.sending import Unsendable
from gateway.accounts.confirmation import Confirmation
from gateway.accounts.errors import AccountFault
from gateway.accounts.subscriptions import Subscriptions
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.identifiers import new_id
from gateway.store.base import Conflict, Store
from gateway.store.records import Account

AT_ONCE = 8
"""Calls to Meta under way; more would only meet its limits sooner."""
PAGE_OWNED = "page_owned"
Result = Literal["found", "connected", "updated", "unchanged", "failed"]
One = TypeVar("One")
Done = TypeVar("Done")


class Imported(Struct, frozen=True, kw_only=True):
    """What became of one asset."""

    asset: Asset
    result: Result
    account: Account | None = None
    subscribed: bool = False
    code: str | None = None
    detail: str | None = None


class Importer:
    """For one customer, with one token."""

    def __init__(
        self, store: Store, directory: Directory, confirmation: Confirmation, subscriptions: Subscriptions
    ) -> None:
        self._store = store
        self._directory = directory
        self._confirmation = confirmation
        self._subscriptions = subscriptions

    def look(self, assets: Sequence[Asset], customer_id: str) -> list[Imported]:
        """What there is, and what the customer has of it."""
        return [Imported(asset=one, result="found", account=self._own(one, customer_id)) for one in assets]

    async def connect(
        self, assets: Sequence[Asset], customer_id: str, token: str, clock: Clock
    ) -> list[Imported]:
        """Connect and subscribe; one result per asset, in their order. Raises StoreUnavailable."""
        wanted = [(asset, self._account(asset, customer_id, token, clock())) for asset in assets]
        confirmed = await _each(wanted, self._confirmed)
        async with self._directory.changing():
            kept = [await self._keep(one) for one in confirmed]
        return await _each(kept, self._subscribed)

    def _own(self, asset: Asset, customer_id: str) -> Account | None:
        account = self._directory.account(asset.platform, asset.page_id)
        return account if account is not None and account.customer_id == customer_id else None

    def _account(self, asset: Asset, customer_id: str, token: str, now: int) -> Account:
        account = self._own(asset, customer_id) or Account(
            id=new_id("acc"),
            customer_id=customer_id,
            platform=asset.platform,
            page_id=asset.page_id,
            created_at=now,
        )
        given = asset.access_token or token
        return replace(
            account,
            token_expires_at=account.token_expires_at if account.access_token == given else None,
            name=account.name or asset.name,
            degraded=account.degraded if account.access_token == given else None,
            waba_id=asset.waba_id or account.waba_id,
            access_token=given,
        )

    async def _confirmed(self, wanted: tuple[Asset, Account]) -> Imported:
        asset, account = wanted
        try:
            await self._confirmation.confirm(account, account.access_token or "")
        except AccountFault as fault:
            return _failed(asset, fault.reason, str(fault))
        return Imported(asset=asset, result="connected", account=account)

    async def _keep(self, one: Imported) -> Imported:
        if one.account is None:
            return one
        known = self._directory.account(one.asset.platform, one.asset.page_id)
        if known == one.account:
            return replace(one, result="unchanged")
        try:
            await self._store.put_account(one.account)
        except Conflict:
            return _failed(one.asset, PAGE_OWNED, "Another customer has connected it.")
        return one if known is None else replace(one, result="updated")

    async def _subscribed(self, one: Imported) -> Imported:
        if one.account is None:
            return one
        try:
            await self._subscriptions.subscribe(one.account, one.account.app_id)
        except AccountFault as fault:
            return replace(one, code=fault.reason, detail=f"Connected, but not subscribed: {fault}")
        except Unsendable as refusal:
            return replace(one, code="invalid_request", detail=f"Connected, but not subscribed: {refusal}")
        return replace(one, subscribed=True)


def _failed(asset: Asset, code: str, detail: str) -> Imported:
    return Imported(asset=asset, result="failed", code=code, detail=detail)


async def _each(ones: Sequence[One], act: Callable[[One], Awaitable[Done]]) -> list[Done]:
    """All of them, a few at once, in their order."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one_by_one(one: One) -> Done:
        async with room:
            return await act(one)

    return list(await asyncio.gather(*map(one_by_one, ones)))
