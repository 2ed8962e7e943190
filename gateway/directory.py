"""Who owns what: an in-memory view of the configuration, for decisions that cannot wait for a read."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

import msgspec

from adapters.event import Event, encode
from gateway.neighbours import Alone, Neighbours
from gateway.store.base import Store
from gateway.store.conditions import fits
from gateway.store.derived import foreshadowed
from gateway.store.keeping import EVERYTHING, Keeping, together
from gateway.store.records import Account, ApiKey, App, Configuration, Customer, Endpoint, Route


class Directory:
    """The configuration as it is now. `reload` after every change; readers never wait."""

    def __init__(self, store: Store, neighbours: Neighbours | None = None) -> None:
        self._store = store
        self._neighbours = neighbours or Alone()
        self._reloading = asyncio.Lock()
        self._changing = asyncio.Lock()
        self._take(Configuration(customers=(), keys=(), apps=(), accounts=(), endpoints=()))

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """Look, change, reload: one at a time in all processes, so that none overwrites a change it has not
        seen. Raises StoreUnavailable."""
        async with self._changing, self._neighbours.changing() as stale:
            if stale:
                await self.reload()
            yield
            await self.reload()

    async def reload(self) -> None:
        """Read everything anew; one at a time, so that an older reading never replaces a newer one."""
        async with self._reloading:
            self._take(await self._store.configuration())

    def _take(self, configuration: Configuration) -> None:
        self.customers: dict[str, Customer] = {c.id: c for c in configuration.customers}
        self.keys: dict[bytes, ApiKey] = {key.digest: key for key in configuration.keys}
        self.apps: dict[str, App] = {app.id: app for app in configuration.apps}
        self.accounts: dict[str, Account] = {account.id: account for account in configuration.accounts}
        self.endpoints: dict[str, Endpoint] = {endpoint.id: endpoint for endpoint in configuration.endpoints}
        self._pages = {(account.platform, account.page_id): account for account in configuration.accounts}
        self._numbers: dict[str, list[Account]] = defaultdict(list)
        for account in configuration.accounts:
            if account.waba_id is not None:
                self._numbers[account.waba_id].append(account)
        self._by_customer: dict[str, list[Endpoint]] = defaultdict(list)
        for endpoint in configuration.endpoints:
            self._by_customer[endpoint.customer_id].append(endpoint)
        self.routes = lru_cache(maxsize=65_536)(self._routes)
        self._sparing = any(one.keep != EVERYTHING for one in configuration.customers)
        self._conditions = {one.id: one.conditions for one in configuration.endpoints if one.conditions}

    def account(self, platform: str, page_id: str) -> Account | None:
        """The account of a page, if somebody has connected it."""
        return self._pages.get((platform, page_id))

    def owners(self, platform: str, page_id: str, waba_id: str | None, app_id: str | None) -> tuple[str, ...]:
        """The customers whose event this is.

        The page's owner; for an event of a whole WABA, everybody with a number in it. An account that
        is bound to an app takes only what was verified under that app's secrets.
        """
        account = self._pages.get((platform, page_id))
        if account is not None:
            return (account.customer_id,) if account.app_id in (None, app_id) else ()
        return self._owners_of_waba(page_id, app_id) if page_id == waba_id else ()

    def _owners_of_waba(self, waba_id: str, app_id: str | None) -> tuple[str, ...]:
        numbers = self._numbers.get(waba_id, ())
        return tuple(sorted({number.customer_id for number in numbers if number.app_id in (None, app_id)}))

    def _routes(
        self, customer_ids: tuple[str, ...], event: str, platform: str, page_id: str
    ) -> tuple[Route, ...]:
        """Where an event goes or is pulled, nothing claimed yet. Cached as `routes` until the next reload."""
        return tuple(
            Route(endpoint_id=endpoint.id, ordered=endpoint.ordering == "conversation")
            for customer_id in customer_ids
            for endpoint in self._by_customer.get(customer_id, ())
            if endpoint.wants(event, platform, page_id)
        )

    def routes_of(self, customer_ids: tuple[str, ...], event: Event, name: str) -> tuple[Route, ...]:
        """Where an event goes, or what follows from it under the name `name`."""
        routes = self.routes(customer_ids, name, event.platform, event.page_id)
        if not self._conditions or not routes:
            return routes
        about = event if name == event.event else foreshadowed(event, name)
        return self.fitting(routes, encode(about))

    def fitting(self, routes: tuple[Route, ...], body: bytes) -> tuple[Route, ...]:
        """The routes to endpoints whose conditions the event fits. Read only if one of them has any."""
        if not any(route.endpoint_id in self._conditions for route in routes):
            return routes
        event = msgspec.json.decode(body)
        return tuple([one for one in routes if fits(event, self._conditions.get(one.endpoint_id, {}))])

    def keeping(self, customer_ids: tuple[str, ...]) -> Keeping:
        """What is stored of what these customers have."""
        if not self._sparing:
            return EVERYTHING
        return together([self.customers[one].keep for one in customer_ids if one in self.customers])

    def of_customer(self, customer_id: str | None) -> "DirectorySlice":
        """What one customer may see; None is the operator, who sees all."""
        return DirectorySlice(self, customer_id)


class DirectorySlice:
    """The directory through the eyes of one customer: another customer's ids do not exist here."""

    def __init__(self, directory: Directory, customer_id: str | None) -> None:
        self._directory = directory
        self._customer_id = customer_id

    def _mine(self, customer_id: str) -> bool:
        return self._customer_id in (None, customer_id)

    def accounts(self) -> list[Account]:
        return [account for account in self._directory.accounts.values() if self._mine(account.customer_id)]

    def account(self, account_id: str) -> Account | None:
        account = self._directory.accounts.get(account_id)
        return account if account is not None and self._mine(account.customer_id) else None

    def endpoints(self) -> list[Endpoint]:
        return [one for one in self._directory.endpoints.values() if self._mine(one.customer_id)]

    def endpoint(self, endpoint_id: str) -> Endpoint | None:
        endpoint = self._directory.endpoints.get(endpoint_id)
        return endpoint if endpoint is not None and self._mine(endpoint.customer_id) else None
