"""From decoded elements to durable events: whose they are, where they go, and then the store."""

from collections import Counter
from collections.abc import Callable, Sequence

from adapters.base import Decoded, Quarantined
from adapters.event import encode
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.inbound.connector import Connector
from gateway.inbound.ports import Deliverer
from gateway.inbound.sparing import spared
from gateway.log import line, logger
from gateway.store.base import Store
from gateway.store.derived import CONVERSATION_STARTED, IDENTITY_CHANGED, IDENTITY_SUSPECTED
from gateway.store.outcome_events import OPTED_OUT
from gateway.store.placement import STARTS_CONVERSATION
from gateway.store.progress import SEND_FAILED, SENT
from gateway.store.records import Admission, Arrival, Route

CHUNK = 500
"""Elements of one request that are stored at once. What is stored of a request that fails later is known
when the platform sends it again."""
_OF_PEOPLE = (IDENTITY_CHANGED, IDENTITY_SUSPECTED)
_OF_OUR_OWN = (SENT, SEND_FAILED, OPTED_OUT, CONVERSATION_STARTED, *_OF_PEOPLE)
_REPORTS = frozenset({"message.echo", "status.update"})
"""What can be about a message of our own."""


class Intake:
    """Takes in what a verified request brought; returns when it is durable."""

    def __init__(
        self, store: Store, directory: Directory, deliverer: Deliverer, connector: Connector, clock: Clock
    ) -> None:
        self._store = store
        self._directory = directory
        self._deliverer = deliverer
        self._clock = clock
        self._connector = connector
        self._met: Callable[[Decoded], None] = lambda _: None
        self.counts = Counter(dict.fromkeys(("stored", "duplicate", "held", "unknown", "quarantined"), 0))
        """What became of elements, and what they were; since the start."""

    def tell(self, met: Callable[[Decoded], None]) -> None:
        """Call `met` with each stored element. It must not wait."""
        self._met = met

    async def take(
        self, platform: str, app_id: str | None, elements: Sequence[Decoded | Quarantined]
    ) -> list[Admission]:
        """Store every element and hand over what can be delivered at once.

        Raises StoreUnavailable; then nothing may be assumed stored, and the platform must send again.
        """
        now = self._clock()
        unreadable = [element for element in elements if isinstance(element, Quarantined)]
        if unreadable:
            await self._store.quarantine(platform, now, unreadable)
            self.counts["quarantined"] += len(unreadable)
            logger.warning(line("quarantined", platform=platform, count=len(unreadable)))
        decoded = [element for element in elements if isinstance(element, Decoded)]
        if not decoded:
            return []
        for element in decoded:
            if self._connector.concerns(element, app_id):
                await self._connector.connect(element, app_id, now)
        admissions: list[Admission] = []
        for start in range(0, len(decoded), CHUNK):
            chunk = decoded[start : start + CHUNK]
            admissions += await self._accept([self._arrival(element, app_id, now) for element in chunk])
            for element in chunk:
                self._met(element)
        return admissions

    async def _accept(self, arrivals: list[Arrival]) -> list[Admission]:
        reserved = [route.endpoint_id for arrival in arrivals for route in arrival.routes if route.claim]
        try:
            admissions = await self._store.accept(arrivals)
        except BaseException:
            for endpoint_id in reserved:
                self._deliverer.release(endpoint_id)
            raise
        self._hand_over(admissions, reserved)
        return admissions

    def _hand_over(self, admissions: list[Admission], reserved: list[str]) -> None:
        jobs = [job for admission in admissions for job in admission.jobs]
        for job in jobs:
            reserved.remove(job.endpoint_id)
        for endpoint_id in reserved:
            self._deliverer.release(endpoint_id)
        if jobs:
            self._deliverer.take(jobs)
        for admission in admissions:
            self.counts[admission.state] += 1
            for endpoint_id in admission.waiting:
                self._deliverer.wake(endpoint_id)

    def _arrival(self, decoded: Decoded, app_id: str | None, now: int) -> Arrival:
        event = decoded.event
        if event.event == "unknown":
            self.counts["unknown"] += 1
        customer_ids = self._directory.owners(event.platform, event.page_id, event.waba_id, app_id)
        routes = self._directory.routes_of(customer_ids, event, event.event)
        derived = _OF_OUR_OWN if event.event in _REPORTS else _OF_PEOPLE if decoded.person is not None else ()
        starts = event.event in STARTS_CONVERSATION and not event.test
        return Arrival(
            decoded=spared(decoded, self._directory.keeping(customer_ids)),
            body=encode(event),
            received_at=now,
            customer_ids=customer_ids,
            app_id=app_id,
            routes=tuple([self._claimed(route) for route in routes]),
            started_routes=self._directory.routes_of(customer_ids, event, CONVERSATION_STARTED)
            if starts
            else (),
            derived_routes={name: self._directory.routes_of(customer_ids, event, name) for name in derived},
        )

    def _claimed(self, route: Route) -> Route:
        """The route with a slot reserved, if the endpoint has one free."""
        free = self._deliverer.reserve(route.endpoint_id)
        return Route(endpoint_id=route.endpoint_id, ordered=route.ordered, claim=True) if free else route
