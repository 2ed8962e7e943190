"""The API over a real store. Every answer that a test gets is held against openapi.yaml."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from msgspec import Struct

from adapters.base import Identity
from gateway.accounts.care import Care
from gateway.accounts.examination import doctor
from gateway.accounts.mending import Mending
from gateway.api.application import application
from gateway.directory import Directory
from gateway.doorbell import Doorbell
from gateway.downloads import Downloads
from gateway.graph import Graph
from gateway.ground import Ground
from gateway.inbound.connector import Connector
from gateway.inbound.intake import Intake
from gateway.inbound.refusals import Refusals
from gateway.metrics import Counts
from gateway.neighbours import Alone
from gateway.send.sending import Sending
from gateway.services import Services
from gateway.settings import Settings
from gateway.store.base import Store
from gateway.store.contact import KnownContact
from gateway.store.records import ApiKey, Customer, Job
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.api.reference import check
from tests.gateways import ADMIN_KEY, settings

NOW = 1_767_225_600_000
OTHER = "cus_other"


class Time(Struct):
    """A clock that stands still until a test moves it."""

    now: int = NOW

    def __call__(self) -> int:
        return self.now


class Undelivering:
    """A deliverer that never has a slot free."""

    def __init__(self, woken: "Woken") -> None:
        self.wake = woken

    def reserve(self, endpoint_id: str) -> bool:
        return False

    def release(self, endpoint_id: str) -> None:
        raise AssertionError("nothing was reserved")

    def take(self, jobs: Sequence[Job]) -> None:
        raise AssertionError("nothing was claimed")


class Woken(list[str]):
    """The endpoints that the dispatcher was told about."""

    def __call__(self, endpoint_id: str) -> None:
        self.append(endpoint_id)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def woken() -> Woken:
    return Woken()


@pytest.fixture
async def services(tmp_path: Path, time: Time, woken: Woken) -> AsyncIterator[Services]:
    """A store with the customers `default` and `cus_other`, both with a key."""
    configured = settings(tmp_path)
    store = SqliteStore(tmp_path / "gateway.db", Vault(*configured.encryption_key))
    await store.open()
    await store.put_customer(Customer(id=OTHER, name="Other", created_at=NOW))
    for customer_id in ("default", OTHER):
        await store.put_key(key_of(customer_id))
    directory, refusals = Directory(store), Refusals()
    await directory.reload()
    graph = Graph(configured.graph_url, configured.graph_version)
    ground = Ground(configured, store, directory, Alone(), time)
    connector = Connector(store, directory, auto_connect=False)
    downloads = Downloads(configured.graph_url, configured.allow_networks)
    intake = Intake(store, directory, Undelivering(woken), connector, time)
    yield Services(
        settings=configured,
        store=store,
        directory=directory,
        refusals=refusals,
        counts=Counts(
            elements=Counter(stored=3, duplicate=1),
            refusals=refusals.counts,
            attempts={("delivered", ""): 2, ("failed", "timeout"): 1},
            open_circuits=lambda: 1,
        ),
        clock=time,
        wake=woken,
        sending=Sending(ground, graph, woken, lambda account: None),
        refresh=_nothing_new,
        match=_nothing_to_match,
        find_pages=_nobody_on_any_page,
        seek=lambda platform: False,
        intake=intake,
        care=caring(store, directory, graph, configured, intake),
        fetch=lambda: None,
        graph=graph,
        downloads=downloads,
        doorbell=Doorbell(),
    )
    await downloads.close()
    await graph.close()
    await store.close()


def caring(store: Store, directory: Directory, graph: Graph, configured: Settings, intake: Intake) -> Care:
    """Who looks after accounts, and tells nobody."""
    looking = doctor(graph, directory, configured)
    mending = Mending(store, directory, looking.questions, intake)
    return Care(store, directory, looking, mending, lambda event, endpoint_ids: None)


async def _nothing_new(platform: str, page_id: str, identity: Identity) -> None:
    """A platform that gives no answer."""


async def _nobody_on_any_page(asid: Identity) -> tuple[Identity, ...]:
    """The platform knows of no page."""
    return ()


async def _nothing_to_match(contact: KnownContact) -> None:
    """Likewise."""


def key_text(customer_id: str) -> str:
    """The key that a customer of the tests holds."""
    return f"gw_key-of-{customer_id}"


def key_of(customer_id: str, scopes: tuple[str, ...] = ("read", "write")) -> ApiKey:
    """The same as the store has it."""
    return ApiKey(
        id=f"key_of_{customer_id}",
        customer_id=customer_id,
        name="of the tests",
        prefix=key_text(customer_id)[:8],
        digest=hashlib.sha256(key_text(customer_id).encode()).digest(),
        scopes=scopes,
        created_at=NOW,
    )


def client(services: Services, key: str | None) -> httpx.AsyncClient:
    """A client of the API with a key, or with none."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(application(services)),
        base_url="http://gateway",
        headers={} if key is None else {"authorization": f"Bearer {key}"},
        event_hooks={"response": [check]},
    )


@pytest.fixture
async def operator(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with client(services, ADMIN_KEY) as http:
        yield http


@pytest.fixture
async def customer(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """The customer `default`."""
    async with client(services, key_text("default")) as http:
        yield http


@pytest.fixture
async def other(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Another customer, who must see nothing of the first."""
    async with client(services, key_text(OTHER)) as http:
        yield http


@pytest.fixture
async def nobody(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a key."""
    async with client(services, None) as http:
        yield http
