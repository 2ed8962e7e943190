"""Decodes stored elements again, step by step beside the traffic, in the process that delivers.

    store.elements ─▶ decode ─▶ compare ─▶ store.revise
        (a read)       (a thread)   (pure)    (one small change)

Where each run is, only the store knows, so a restart changes nothing. What an element becomes:

    the same id, the same content     nothing
    the same id, another content      the event's next revision, delivered again
    other ids                         new events that supersede it
    from quarantine, readable now     new events
"""

import asyncio
from collections.abc import Callable, Sequence

from msgspec import Struct

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound, Quarantined
from adapters.dialects import decode
from adapters.event import Event, Placement, encode, place
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.inbound.ports import Deliverer
from gateway.inbound.sparing import spared
from gateway.log import line, logger
from gateway.revision import revised, with_reference
from gateway.store.base import Store
from gateway.store.derived import CONVERSATION_STARTED, IDENTITY_CHANGED, IDENTITY_SUSPECTED
from gateway.store.records import Arrival, Route
from gateway.store.renormalisation import (
    Addition,
    Clearing,
    KeptElement,
    Renormalisation,
    Revision,
    Step,
    Supersession,
)

STEP = 200
"""Elements per step: a step must hold up neither the commits of the hot path nor the event loop."""
_NEWS = (IDENTITY_CHANGED, IDENTITY_SUSPECTED)

Decode = Callable[[str, bytes], Sequence[Decoded | Quarantined]]
"""Platform and bytes → elements; may raise, as only a mistake of ours does."""


def present_adapters(platform: str, envelope: bytes) -> Sequence[Decoded | Quarantined]:
    """Decode with the adapters of this version."""
    return decode(Inbound(envelope), ADAPTERS[platform])


class Reading(Struct, frozen=True):
    """An element and what it is today."""

    element: KeptElement
    found: Sequence[Decoded | Quarantined] = ()
    body: bytes | None = None
    """Of the event that keeps its id, if its content is another one."""

    @property
    def events(self) -> list[Decoded]:
        """What can be read."""
        return [one for one in self.found if isinstance(one, Decoded)]

    @property
    def same(self) -> Decoded | None:
        """The event with the id that the element has now."""
        return next((one for one in self.events if one.event.id == self.element.event_id), None)

    @property
    def others(self) -> list[Decoded]:
        """Those with other ids."""
        return [one for one in self.events if one.event.id != self.element.event_id]


class Renormaliser:
    """Makes the steps that are due."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        deliverer: Deliverer,
        clock: Clock,
        decode: Decode = present_adapters,
    ) -> None:
        self._store = store
        self._directory = directory
        self._deliverer = deliverer
        self._clock = clock
        self._decode = decode

    async def advance(self) -> None:
        """Do every step that is due. Raises StoreUnavailable."""
        while (run := await self._store.due_renormalisation(self._clock())) is not None:
            await self._advance(run)

    async def _advance(self, run: Renormalisation) -> None:
        page = await self._store.elements(run.plan, run.position, min(STEP, run.rate))
        readings = await asyncio.to_thread(self._read, page.elements)
        now = self._clock()
        step = Step(
            renormalisation_id=run.id,
            begins=run.position,
            ends=page.position,
            last=not page.more,
            examined=len(page.elements),
            at=now,
            revisions=tuple(found for one in readings if (found := self._revision(one)) is not None),
            additions=tuple(self._additions(readings, now)),
            supersessions=tuple(_supersessions(readings)),
            clearings=tuple(_clearings(readings)),
        )
        for endpoint_id in await self._store.revise(step):
            self._deliverer.wake(endpoint_id)

    def _read(self, elements: Sequence[KeptElement]) -> list[Reading]:
        return [self._reading(element) for element in elements]

    def _reading(self, element: KeptElement) -> Reading:
        try:
            reading = Reading(element, self._decode(element.platform, element.envelope))
            body = None if reading.same is None else revised(element.body, reading.same)
            return Reading(element, reading.found, body)
        except Exception:
            # A mistake of ours in one element must neither end the run nor change the element.
            logger.exception(line("not decoded again", event=element.event_id, place=element.place))
            return Reading(element)

    def _revision(self, reading: Reading) -> Revision | None:
        element, same, body = reading.element, reading.same, reading.body
        if same is None or body is None:
            return None
        routes = self._routes(element.customer_ids, same.event, same.event.event)
        return Revision(
            place=element.place, revision=element.revision, decoded=same, body=body, routes=routes
        )

    def _additions(self, readings: Sequence[Reading], now: int) -> list[Addition]:
        """Each new event once, with all that it replaces in this step."""
        sources: dict[str, list[Reading]] = {}
        found: dict[str, Addition] = {}
        for reading in readings:
            for decoded in reading.others:
                its = sources.setdefault(decoded.event.id, [])
                its.append(reading)
                found[decoded.event.id] = self._addition(decoded, its, now)
        return list(found.values())

    def _addition(self, decoded: Decoded, sources: Sequence[Reading], now: int) -> Addition:
        elements = [one.element for one in sources]
        replaced = [one.element.event_id for one in sources if one.same is None]
        supersedes = tuple(one for one in replaced if one is not None)
        return Addition(
            arrival=self._arrival(elements[-1], decoded, supersedes, now),
            events=tuple(one.place for one in elements if one.event_id is not None),
            quarantined=tuple(one.place for one in elements if one.event_id is None),
        )

    def _arrival(
        self, element: KeptElement, decoded: Decoded, supersedes: tuple[str, ...], now: int
    ) -> Arrival:
        event = with_reference(decoded.event, element.body) if element.body else decoded.event
        owners = self._owners(element, event)
        placement = Placement(supersedes=supersedes or None)
        return Arrival(
            decoded=spared(decoded, self._directory.keeping(owners)),
            body=place(encode(event), placement),
            received_at=now,
            customer_ids=owners,
            routes=self._routes(owners, event, event.event),
            started_routes=self._routes(owners, event, CONVERSATION_STARTED),
            derived_routes={name: self._routes(owners, event, name) for name in _NEWS},
            past=True,
        )

    def _owners(self, element: KeptElement, event: Event) -> tuple[str, ...]:
        """Those who have the element; of what was quarantined, or turns out to be another page's, that
        page's. Which app signed it is not kept, so an account that is bound to an app gets none of these.
        """
        if element.customer_ids and element.page_id == event.page_id:
            return element.customer_ids
        return self._directory.owners(event.platform, event.page_id, event.waba_id, None)

    def _routes(self, customer_ids: tuple[str, ...], event: Event, name: str) -> tuple[Route, ...]:
        routes = self._directory.routes_of(customer_ids, event, name)
        return tuple(Route(endpoint_id=one.endpoint_id, ordered=one.ordered, replay=True) for one in routes)


def _supersessions(readings: Sequence[Reading]) -> list[Supersession]:
    return [
        Supersession(place=reading.element.place, by=tuple(one.event.id for one in reading.others))
        for reading in readings
        if reading.element.event_id is not None and reading.others and reading.same is None
    ]


def _clearings(readings: Sequence[Reading]) -> list[Clearing]:
    return [
        Clearing(
            place=reading.element.place,
            platform=reading.element.platform,
            left=tuple(one for one in reading.found if isinstance(one, Quarantined)),
        )
        for reading in readings
        if reading.element.event_id is None and reading.events
    ]
