"""Who should know what happened to an endpoint: its customer's other endpoints, and the operator."""

from collections.abc import Callable
from functools import partial

from adapters.event import Event, encode
from gateway.deliver.courier import Wire
from gateway.deliver.exchange import Exchange, Request
from gateway.deliver.notices import notice
from gateway.deliver.patience import Patience
from gateway.deliver.preparation import USER_AGENT
from gateway.directory import Directory
from gateway.identifiers import new_id
from gateway.log import line, logger
from gateway.store.base import Store
from gateway.store.records import Emission, Endpoint

_HEADERS = (("content-type", "application/json"), ("user-agent", USER_AGENT))
_TIMEOUT_MS = 15_000


class Operator:
    """The operator's own URL: plain JSON, one attempt. The events are in the store anyway."""

    def __init__(self, transport: Wire, url: str | None) -> None:
        self._transport = transport
        self._url = url

    def tell(self, event: Event) -> None:
        """Send the event, if the operator wants to hear of such things."""
        if self._url is not None:
            request = Request(url=self._url, headers=_HEADERS, body=encode(event), timeout_ms=_TIMEOUT_MS)
            self._transport.send(request, partial(self._told, event))

    def _told(self, event: Event, exchange: Exchange) -> None:
        if exchange.status is None or not 200 <= exchange.status < 300:
            facts = {"event": event.id, "name": event.event, "status": exchange.status}
            logger.warning(line("operator not told", **facts, error=exchange.error))


class Announcer:
    """Makes the events that are about an endpoint."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        patience: Patience,
        operator: Operator,
        wake: Callable[[str], None],
    ) -> None:
        self._store = store
        self._patience = patience
        self._directory = directory
        self._operator = operator
        self._wake = wake

    async def announce(self, name: str, endpoint: Endpoint, now: int) -> None:
        """Store the event `name`, deliver it, tell the operator. Raises StoreUnavailable."""
        await self.spread(notice(name, endpoint, new_id("evt"), now), endpoint, now)

    async def spread(self, event: Event, endpoint: Endpoint, now: int) -> None:
        """The same with an event about the endpoint that is made already. Raises StoreUnavailable."""
        customer_ids = (endpoint.customer_id,)
        wanting = self._directory.routes_of(customer_ids, event, event.event)
        others = tuple(one.endpoint_id for one in wanting if one.endpoint_id != endpoint.id)
        emission = Emission(event=event, at=now, customer_id=endpoint.customer_id, endpoint_ids=others)
        await self._patience.insist(partial(self._store.emit, emission))
        for endpoint_id in others:
            self._wake(endpoint_id)
        self._operator.tell(event)
