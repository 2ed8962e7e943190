"""An account of a simulated town and who looks after it; time is passed in."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from adapters.event import Event
from gateway.accounts.care import Care
from gateway.accounts.examination import doctor
from gateway.accounts.mending import Mending
from gateway.accounts.rounds import Rounds
from gateway.directory import Directory
from gateway.graph import Graph
from gateway.inbound.connector import Connector
from gateway.inbound.intake import Intake
from gateway.simulator.numbers import Number
from gateway.simulator.people import Asset
from gateway.store.records import Account, EventFilter, PageRequest
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.api.conftest import Undelivering, Woken
from tests.gateways import settings
from tests.simulator.towns import NOON, Town, town


class Ward(Struct):
    """One account of a town, and who looks after it."""

    made: Town
    store: SqliteStore
    directory: Directory
    care: Care
    mending: Mending
    intake: Intake
    told: list[Event]

    def clock(self) -> int:
        return self.made.meta.clock.now_ms()

    def rounds(self) -> Rounds:
        """Rounds that begin now."""
        return Rounds(self.directory, self.care, self.mending, self.clock)

    @property
    def account(self) -> Account:
        return self.directory.accounts["acc_1"]

    async def look(self) -> list[str]:
        return [one.code for one in await self.care.look_after(self.account, self.clock)]

    async def kept(self) -> int:
        """How many events say that an account is degraded."""
        which = EventFilter(event="account.degraded")
        return len((await self.store.events("default", which, PageRequest(limit=10))).data)


@asynccontextmanager
async def ward(folder: Path, platform: str) -> AsyncIterator[Ward]:
    async with town(subscribed=False) as made, Graph(made.url, "v25.0") as graph:
        for each in ("facebook", "instagram", "whatsapp"):
            await made.meta.subscribe(each, "https://gateway.example/webhooks/any")
        assets: dict[str, Asset] = {
            "facebook": made.page,
            "instagram": made.account,
            "whatsapp": made.number,
        }
        asset = assets[platform]
        store = SqliteStore(folder / "gateway.db", Vault(b"k" * 32))
        await store.open()
        account = Account(
            id="acc_1",
            customer_id="default",
            platform=platform,
            page_id=asset.id,
            waba_id=asset.waba.id if isinstance(asset, Number) else None,
            created_at=NOON,
            access_token=made.meta.token(asset.id).value,
        )
        await store.put_account(account)
        directory, told = Directory(store), list[Event]()
        await directory.reload()
        config = settings(folder, app_secrets=made.meta.app.secret)

        def tell(event: Event, endpoint_ids: Sequence[str]) -> None:
            told.append(event)

        looking = doctor(graph, directory, config)
        connector = Connector(store, directory, auto_connect=False)
        intake = Intake(store, directory, Undelivering(Woken()), connector, made.meta.clock.now_ms)
        mending = Mending(store, directory, looking.questions, intake)
        care = Care(store, directory, looking, mending, tell)
        yield Ward(
            made=made,
            store=store,
            directory=directory,
            care=care,
            mending=mending,
            intake=intake,
            told=told,
        )
        await store.close()
