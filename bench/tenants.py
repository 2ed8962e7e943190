"""A gateway with a thousand customers, one endpoint each; the last of them have the bad receivers."""

import asyncio
import base64
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.crowd import Crowd
from bench.servers import Keys, NotStarted, Server, call, serving, store_of
from bench.traffic import Request, Traffic
from gateway.store.records import Account, Customer, Endpoint, Secret
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault

BAD_PAGES = 10
"""A customer with a bad receiver has so many pages, so it gets ten times the traffic of the others."""
_PEOPLE_PER_PAGE = 5


class Tenants:
    """Who owns which page. Every page is written to equally often."""

    def __init__(self, crowd: Crowd, app_secret: str) -> None:
        self._crowd = crowd
        self.bad = len(crowd.ports) - crowd.behaving
        self.pages = crowd.behaving + self.bad * BAD_PAGES
        people = self.pages * _PEOPLE_PER_PAGE
        now = time.time_ns() // 1_000_000
        self.traffic = Traffic(app_secret, now, pages=self.pages, people=people)

    @property
    def share(self) -> float:
        """How much of the whole traffic goes to receivers that behave."""
        return self._crowd.behaving / self.pages

    def for_healthy(self, number: int) -> bool:
        """Whether a message goes to a receiver that behaves."""
        return self.traffic.page(number) < self._crowd.behaving

    def healthy(self, count: int) -> list[Request]:
        """So many messages to receivers that behave."""
        chosen: list[Request] = []
        while len(chosen) < count:
            chosen += [request for request in self.traffic.requests(100) if self.for_healthy(request.number)]
        return chosen[:count]

    async def store(self, keys: Keys, directory: Path) -> None:
        """Write customers, accounts and endpoints: through the API it would take minutes."""
        store = SqliteStore(store_of(directory), Vault(base64.b64decode(keys.encryption_key)))
        await store.open()
        try:
            tenants = range(len(self._crowd.ports))
            await asyncio.gather(*(store.put_customer(_customer(tenant)) for tenant in tenants))
            await asyncio.gather(*(store.put_account(self._account(page)) for page in range(self.pages)))
            endpoints = (self._endpoint(tenant, keys.endpoint_secret) for tenant in tenants)
            await asyncio.gather(*(store.put_endpoint(endpoint) for endpoint in endpoints))
        finally:
            await store.close()

    async def switch(self, server: Server, keys: Keys, status: str) -> None:
        """Make the endpoints of the bad receivers `active` or `paused`. Raises NotStarted."""
        for tenant in range(self._crowd.behaving, len(self._crowd.ports)):
            path = f"/v1/endpoints/ep_{tenant}"
            arguments = (server.port, "PATCH", path, {"status": status}, keys.admin_key)
            answered, body = await asyncio.to_thread(call, *arguments)
            if answered != 200:
                raise NotStarted(f"PATCH {path} answered {answered}: {body!r}")

    def _tenant(self, page: int) -> int:
        behaving = self._crowd.behaving
        return page if page < behaving else behaving + (page - behaving) // BAD_PAGES

    def _account(self, page: int) -> Account:
        platform, page_id = self.traffic.account(page)
        return Account(
            id=f"acc_{page}",
            customer_id=f"cus_{self._tenant(page)}",
            platform=platform,
            page_id=page_id,
            # Known beforehand: what a page costs once is not measured here.
            waba_id=f"9{page_id[1:]}" if platform == "whatsapp" else None,
            created_at=0,
        )

    def _endpoint(self, tenant: int, secret: str) -> Endpoint:
        return Endpoint(
            id=f"ep_{tenant}",
            customer_id=f"cus_{tenant}",
            url=f"http://127.0.0.1:{self._crowd.ports[tenant]}/",
            secrets=(Secret(value=secret),),
            events=("message.received",),
            created_at=0,
        )


@asynccontextmanager
async def serving_tenants(
    behaving: int, of_each_misbehaviour: int, keys: Keys
) -> AsyncIterator[tuple[Server, Crowd, Tenants]]:
    """A gateway, its receivers and its customers; all ended afterwards. Raises NotStarted, OSError."""
    crowd = Crowd(behaving, of_each_misbehaviour)
    crowd.secret = keys.endpoint_secret
    await crowd.open()
    tenants = Tenants(crowd, keys.app_secret)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-isolation-") as directory:
            await tenants.store(keys, Path(directory))
            async with serving(crowd, keys, Path(directory)) as server:
                yield server, crowd, tenants
    finally:
        await crowd.close()


def _customer(tenant: int) -> Customer:
    return Customer(id=f"cus_{tenant}", name=f"Customer {tenant}", created_at=0)
