"""A gateway under load, put together: store, processes, customers and Meta."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

import httpx

from tests.chaos.customer import Customer
from tests.chaos.figures import Figures, count
from tests.chaos.fleet import Fleet
from tests.chaos.grounds import Ground
from tests.chaos.meta import PAGES, Meta
from tests.gateways import ADMIN_KEY

EXCHANGE_SECONDS = 2
LEASE_SECONDS = EXCHANGE_SECONDS + 5
DRAIN_SECONDS = 150
_LOOK_SECONDS = 0.25


class Scene:
    """What a fault may touch."""

    def __init__(self, folder: Path, ground: Ground, pause_seconds: float = 0.1) -> None:
        self.folder = folder
        self.ground = ground
        self.fleet = Fleet(folder, ground.url, ground.roles)
        self.customers = [Customer(), Customer()]
        self.meta = Meta(self.fleet.urls, pause_seconds)
        self.excused: list[str] = []
        """Messages that the store itself may have lost, as the row says."""

    async def begin(self) -> None:
        """The first process learns the configuration, and the others find it; then everybody writes."""
        first, *others = self.fleet.members
        async with aclosing(await first.start()) as http:
            for page in PAGES:
                account = {"platform": "facebook", "page_id": page}
                (await http.post("/v1/accounts", json=account)).raise_for_status()
            for customer in self.customers:
                await customer.up()
                await self._subscribe(http, customer)
        await asyncio.gather(*(member.restart() for member in others))
        await self.meta.start()

    async def _subscribe(self, http: httpx.AsyncClient, customer: Customer) -> None:
        wanted = {
            "url": customer.url,
            "events": ["message.received"],
            "timeout_seconds": EXCHANGE_SECONDS,
        }
        (await http.post("/v1/endpoints", json=wanted)).raise_for_status()

    async def end(self) -> Figures:
        """Meta stops; the figures when nothing is open any more. Raises TimeoutError."""
        await self.meta.stop()
        async with asyncio.timeout(DRAIN_SECONDS):
            while await self._open():
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await asyncio.Event().wait()
        return count(self.meta.accepted, [customer.arrivals for customer in self.customers])

    async def _open(self) -> bool:
        """Whether a delivery is not finished, or nobody can tell."""
        headers = {"authorization": f"Bearer {ADMIN_KEY}"}
        async with httpx.AsyncClient(headers=headers, trust_env=False, timeout=10) as http:
            for state in ("pending", "failed"):
                url = f"{self.fleet.ingest[0].url}/v1/deliveries"
                try:
                    answer = await http.get(url, params={"state": state, "limit": 1})
                except httpx.TransportError:
                    return True
                if answer.is_error or answer.json()["data"]:
                    return True
        return False


@asynccontextmanager
async def scene(folder: Path, ground: Ground, pause_seconds: float = 0.1) -> AsyncIterator[Scene]:
    """A scene that has begun; what still runs at the end is killed."""
    made = Scene(folder, ground, pause_seconds)
    try:
        await made.begin()
        yield made
    finally:
        made.fleet.kill()
        await made.meta.leave()
        for customer in made.customers:
            await customer.down()
