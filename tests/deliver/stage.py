"""A dispatcher between a real store and an in-memory wire, with arrivals taken in by the real intake."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from adapters._identifiers import event_id
from adapters.base import Decoded, Identity, Person
from adapters.event import VERSION, Event, encode
from adapters.message import Message
from gateway.clock import system_clock
from gateway.deliver.courier import Wire
from gateway.deliver.dispatcher import Dispatcher, Terms
from gateway.deliver.exchange import Error, Exchange, Request
from gateway.directory import Directory
from gateway.inbound.connector import Connector
from gateway.inbound.intake import Intake
from gateway.store.records import Admission, Delivery, DeliveryFilter, Endpoint, PageRequest, Secret
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.patience import SOON

ENDPOINT = "ep_1"
PAGE = "1001"
SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSB0ZXN0cyEhIQ=="


class Sent:
    """One request on the wire; the test plays the receiver."""

    def __init__(self, request: Request, done: Callable[[Exchange], None], open_ones: "set[Sent]") -> None:
        self.request = request
        self._done = done
        self._open = open_ones
        open_ones.add(self)

    @property
    def header(self) -> dict[str, str]:
        return dict(self.request.headers)

    @property
    def text(self) -> str:
        """The message's text, or the event's name where there is no message."""
        event = msgspec.json.decode(self.request.body)
        return str(event["message"]["body"]) if "message" in event else str(event["event"])

    def answer(self, status: int | None = 200, error: Error | None = None, **headers: str) -> None:
        """What the receiver says, or what went wrong on the way."""
        self._open.discard(self)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._done(Exchange(status=status, headers=named, body=b"", duration_ms=1, error=error, detail=error))


class MemoryWire:
    """The transport's interface without a network."""

    def __init__(self) -> None:
        self._sent: asyncio.Queue[Sent] = asyncio.Queue()
        self._open: set[Sent] = set()
        self.peak = 0
        self.total = 0

    @property
    def under_way(self) -> int:
        """Exchanges that have not been answered."""
        return len(self._open)

    def send(self, request: Request, done: Callable[[Exchange], None]) -> None:
        """Put it on the wire."""
        sent = Sent(request, done, self._open)
        self.total += 1
        self.peak = max(self.peak, self.under_way)
        self._sent.put_nowait(sent)

    def hang_up(self) -> None:
        """Break off whatever is under way, as the transport's deadline would."""
        while self._open:  # each may make room for another
            next(iter(self._open)).answer(None, error="timeout")

    async def next(self) -> Sent:
        """The next request, in the order in which they were sent."""
        async with asyncio.timeout(SOON):
            return await self._sent.get()

    def quiet(self) -> bool:
        """Nothing was sent that the test has not looked at."""
        return self._sent.empty()


class ManualClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


class Stage:
    """Everything a test of the dispatcher needs, put together as the gateway does it."""

    def __init__(
        self,
        store: SqliteStore,
        schedule: tuple[float, ...],
        clock: Callable[[], int],
        transport: Wire | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.wire = MemoryWire()
        self.directory = Directory(self.store)
        terms = Terms(schedule=schedule)
        self.dispatcher = Dispatcher(self.store, transport or self.wire, self.directory, terms, clock)
        connector = Connector(self.store, self.directory, auto_connect=True)
        self._intake = Intake(self.store, self.directory, self.dispatcher, connector, clock)

    async def configure(self, endpoint: Endpoint) -> None:
        """Put an endpoint and let everybody know."""
        await self.store.put_endpoint(endpoint)
        await self.directory.reload()
        self.dispatcher.endpoint_changed(endpoint.id)

    async def arrive(self, *messages: str) -> list[Admission]:
        """Take in one request with messages `person:text`, each person a conversation of its own."""
        return await self._intake.take("facebook", None, [message(one, self.clock()) for one in messages])

    async def deliveries(self) -> list[Delivery]:
        """All deliveries of messages, oldest first."""
        page = PageRequest(ascending=True, limit=200)
        found = (await self.store.deliveries(None, DeliveryFilter(), page)).data
        return list(found)

    async def until(self, condition: Callable[[list[Delivery]], bool]) -> list[Delivery]:
        """The deliveries as soon as the store shows what the test waits for."""
        async with asyncio.timeout(SOON):
            while not condition(found := await self.deliveries()):
                pass
        return found

    async def states(self, **counts: int) -> None:
        """Return when so many deliveries are in the named states."""
        await self.until(lambda found: all(_count(found, state) == n for state, n in counts.items()))


def _count(deliveries: list[Delivery], state: str) -> int:
    return sum(1 for delivery in deliveries if delivery.state == state)


def endpoint(**changes: object) -> Endpoint:
    """The endpoint of the tests: messages only, so that conversations begin with the message."""
    plain = Endpoint(
        id=ENDPOINT,
        customer_id="default",
        url="https://receiver.example/hook?key=hidden",
        secrets=(Secret(value=SECRET),),
        created_at=0,
        events=("message.received",),
    )
    return msgspec.structs.replace(plain, **changes)


def message(spoken: str, now: int) -> Decoded:
    """A message `person:text`, as the Messenger adapter would hand it on."""
    person, _, text = spoken.partition(":")
    event = Event(
        id=event_id("facebook", PAGE, "messaging.message", text),
        version=VERSION,
        platform="facebook",
        event="message.received",
        timestamp=now // 1_000,
        timestamp_ms=now,
        page_id=PAGE,
        from_=person,
        to=PAGE,
        from_kind="psid",
        to_kind="page",
        direction="inbound",
        message=Message(id=text, type="text", body=text),
        signature_verified=True,
    )
    envelope = encode(event)
    return Decoded(
        event=event,
        envelope=envelope,
        element=(0, len(envelope)),
        person=Person(identities=(Identity("psid", person, PAGE),)),
    )


def store_at(path: Path) -> SqliteStore:
    """The store of the tests, not opened yet."""
    return SqliteStore(path / "gateway.db", Vault(bytes(32)))


@asynccontextmanager
async def stage(
    path: Path,
    *,
    schedule: tuple[float, ...] = (0.02, 0.02, 0.02),
    clock: Callable[[], int] = system_clock,
    receiver: Endpoint | None = None,
    store: SqliteStore | None = None,
) -> AsyncIterator[Stage]:
    """A stage with one endpoint and a started dispatcher."""
    built = Stage(store or store_at(path), schedule, clock)
    await built.store.open()
    try:
        await built.configure(receiver or endpoint())
        await built.dispatcher.start()
        yield built
    finally:
        built.wire.hang_up()
        await built.dispatcher.stop()
        await built.store.close()
