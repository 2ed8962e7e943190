"""The store contract: what both stores promise, in the order in which an event meets it.

    accept    an envelope's elements become durable, deduplicated, in sequence     → Meta gets its 200
    claim     due deliveries are leased to a dispatcher
    finish    the outcome of an attempt moves a delivery, if the claim still holds

Every call is one atomic change or one consistent read. A store that cannot answer raises
`StoreUnavailable`; nothing has happened then, as far as the caller may assume.
Customer-scoped reads take the customer first (None: the operator, who sees all).
"""

from collections.abc import Sequence
from typing import Protocol

from adapters.base import Quarantined
from gateway.store.contacts import People
from gateway.store.errors import Conflict as Conflict
from gateway.store.errors import ContentRemoved as ContentRemoved
from gateway.store.errors import IntakeStopped as IntakeStopped
from gateway.store.errors import InvalidCursor as InvalidCursor
from gateway.store.errors import RawExpired as RawExpired
from gateway.store.errors import StoreInUse as StoreInUse
from gateway.store.errors import StoreLost as StoreLost
from gateway.store.errors import StoreUnavailable as StoreUnavailable
from gateway.store.errors import WrongEncryptionKey as WrongEncryptionKey
from gateway.store.keyed import EarlierRequest, KeyedAnswer, KeyedRequest
from gateway.store.parts import Parts
from gateway.store.records import (
    Account,
    Admission,
    ApiKey,
    App,
    Arrival,
    Attempt,
    Backlog,
    Configuration,
    Customer,
    Delivery,
    DeliveryFilter,
    Emission,
    Endpoint,
    EndpointStats,
    EventFilter,
    Health,
    Job,
    LogPage,
    Outcome,
    Page,
    PageRequest,
    QuarantineEntry,
    RawElement,
    Settlement,
    StoredEvent,
)
from gateway.store.renormalising import Renormalising
from gateway.store.replay import Replay, ReplayPlan
from gateway.store.retention import Retention

DEFAULT_CUSTOMER = "default"
"""The customer that a store makes when it is first opened."""
HELD_MS = 5_000
"""How long an edit or a deletion waits for its message."""
REMEMBERED_MS = 8 * 86_400_000
"""How long event ids are known at the least: Meta may send an element again for 7 days."""
LEASE_MARGIN_MS = 5_000
"""What a lease lasts beyond the deadline of the exchange, so that its outcome can be recorded."""


class Store(Renormalising, Parts, Protocol):
    """One implementation per kind of store; tests/store/ holds the suite that all of them pass."""

    @property
    def people(self) -> People: ...

    async def open(self) -> None:
        """Make ready: migrate, make customer `default`.

        A store that one process owns voids all leases that it finds; in a shared one they end by themselves.
        """

    async def close(self) -> None:
        """Finish what was begun, release the files or connections."""

    async def health(self) -> Health:
        """Whether events are taken in, proved by a write; asked for every few seconds.

        Where room runs short, `accept` and `quarantine` raise IntakeStopped, before a write has failed,
        until a later call finds that there is room again. Everything else is still tried.
        """
        ...

    # Receive

    async def accept(self, arrivals: Sequence[Arrival]) -> list[Admission]:
        """Take in one request's elements, all or nothing; durable when this returns.

        In this order per element: dedupe by event id (and `owner_id`) · find or make contact and
        conversation · `conversation.started` once · `sequence` · window · raw element · one delivery
        per route, in the format that its endpoint has now, but none for an endpoint that pulls: that one is
        in `waiting`. An edit or deletion by
        the contact whose message is unknown is held, durably, for at most 5 s (`release_held`), and gets
        its place when it is released.
        """
        ...

    async def release_held(self, now: int) -> list[Admission]:
        """Let go, in order, of what was held and is due at `now`, with `target.known: false`.

        Nothing that was held is claimed: its endpoints are in `waiting`. What its message lets go
        earlier, in `accept`, is in `waiting` of that message's admission.
        """
        ...

    async def emit(self, emission: Emission) -> None:
        """Store an event of the gateway's own, once per event id, with a delivery to each endpoint, due now.

        It has no page and no conversation, so its deliveries are in no order. One that is marked `test` may
        name both, as what it is a sample of does; it is listed as `test`, so no log and no replay takes it.
        """

    async def quarantine(self, platform: str, received_at: int, items: Sequence[Quarantined]) -> None:
        """Keep signed bytes that could not be read."""

    # Deliver

    async def backlog(self) -> list[Backlog]:
        """For each endpoint with open deliveries: when the first can be claimed.

        What is leased counts with the end of its lease. For the start, and for what a process lost track of;
        in a store that several processes share, cheap enough to be asked every second.
        """
        ...

    async def claim(
        self, endpoint_id: str, now: int, lease_ms: int, first: int, retries: int
    ) -> tuple[list[Job], int | None]:
        """Lease due deliveries, oldest first: at most `first` untried and `retries` tried ones.

        Returns them and when the next one will be due (None: nothing is open but what is leased or
        waits behind an earlier one of its conversation).
        """
        ...

    async def finish(self, outcomes: Sequence[Outcome]) -> list[Settlement]:
        """Record attempts and move deliveries, each only if its claim is still the newest."""
        ...

    async def recover(self, endpoint_id: str, since: int, now: int) -> None:
        """Make due at `now` the endpoint's `failed` deliveries whose last attempt was at `since` or later.

        For the moment after an outage: what failed in it need not wait for its schedule. Later claims
        give them in the order in which they were made; attempts and claim numbers stay as they are.
        """
        ...

    async def endpoint_stats(self, endpoint_id: str, since: int) -> EndpointStats:
        """What the endpoint's newest deliveries tell, by attempts and endings at `since` or later.

        A store may look at the newest deliveries only, at least 10,000 of them.
        """
        ...

    async def redeliver(self, customer_id: str | None, event_id: str, endpoint_id: str, now: int) -> bool:
        """Make one delivery due again from the start of the schedule (made new where there is none).

        It has the endpoint's present format from now on.

        False: no such event for this customer, or nothing is ever sent to this endpoint. Raises
        ContentRemoved.
        """
        ...

    # Pull

    async def acknowledge(self, endpoint_id: str, cursor: str | None) -> str:
        """Move the place of an endpoint that pulls up to `cursor`, durably; returns where it is.

        It moves forward only, and never beyond the last event that there is. Raises InvalidCursor.
        """
        ...

    async def log(self, endpoint: Endpoint, after: str, limit: int) -> LogPage:
        """The next events behind `after` that the customer has and the endpoint's filters let through.

        All but `test`, in the order in which they were accepted, so in sequence within each conversation
        (of different pages: by the millisecond).
        The endpoint's conditions are left to the caller, who has the bodies.
        Whatever is accepted is later in the log than all that could be read before: nothing appears
        behind a cursor, but for an unrouted event that `redeliver` gives to a customer, which is not
        pulled. A store may look at a part of the log only, and say `more`. Raises InvalidCursor.
        """
        ...

    # Replay

    async def count_replay(self, plan: ReplayPlan) -> int:
        """How many events the plan takes now."""
        ...

    async def begin_replay(self, replay: Replay) -> None:
        """Keep a replay; its first step is due at once."""

    async def advance_replay(self, now: int) -> str | None:
        """Do one step of the running replay whose step has been due the longest; None: none is due.

        A step makes the next deliveries due, oldest event first, and remembers in the same transaction
        how far it came: none is left out or done twice, whatever dies. The next step is due when the
        rate allows it. Returns the endpoint. Without its endpoint a replay is cancelled.
        """
        ...

    async def cancel_replay(self, customer_id: str | None, replay_id: str, now: int) -> Replay | None:
        """End it after the step it is at, if it runs. None: no such replay for this customer."""
        ...

    async def replays(self, customer_id: str | None, page: PageRequest) -> Page[Replay]: ...

    async def replay(self, customer_id: str | None, replay_id: str) -> Replay | None: ...

    # Configure

    async def configuration(self) -> Configuration:
        """All customers, keys, apps, accounts and endpoints, secrets opened."""
        ...

    async def put_customer(self, customer: Customer) -> None: ...

    async def put_key(self, key: ApiKey) -> None: ...

    async def put_app(self, app: App) -> None: ...

    async def delete_app(self, app_id: str) -> None: ...

    async def put_account(self, account: Account) -> None:
        """Insert or update by (platform, page_id). Raises Conflict if another customer owns it."""

    async def delete_account(self, account_id: str) -> None: ...

    async def put_endpoint(self, endpoint: Endpoint) -> None:
        """Insert or update by id. A new one that pulls begins at the end of the log, or at its `since`."""
        ...

    async def delete_endpoint(self, endpoint_id: str) -> None:
        """Remove it with its open deliveries; finished ones stay readable until they expire."""

    # Answer once

    async def begin_keyed(self, request: KeyedRequest, now: int) -> EarlierRequest | None:
        """Remember that this request is being done; of several at once, exactly one gets None.

        Else: the request that came first under this key in the last 24 h. One whose process died stays
        without an answer: nobody knows how far it got, and doing it again could do it twice.
        """
        ...

    async def end_keyed(self, request: KeyedRequest, answer: KeyedAnswer | None) -> None:
        """Keep the answer, sealed. None: nothing was done, and the next one under this key is the first."""

    # Read

    async def events(
        self, customer_id: str | None, which: EventFilter, page: PageRequest
    ) -> Page[StoredEvent]: ...

    async def event(self, customer_id: str | None, event_id: str) -> StoredEvent | None: ...

    async def raw(self, customer_id: str | None, event_id: str) -> RawElement | None:
        """None: the customer has no such event, or it was made by the gateway. Raises RawExpired."""
        ...

    async def deliveries(
        self, customer_id: str | None, which: DeliveryFilter, page: PageRequest
    ) -> Page[Delivery]: ...

    async def delivery(self, customer_id: str | None, delivery_id: str) -> Delivery | None: ...

    async def attempts(self, customer_id: str | None, delivery_id: str) -> list[Attempt] | None:
        """Oldest first. None: no such delivery for this customer."""
        ...

    async def quarantined(self, page: PageRequest) -> Page[QuarantineEntry]: ...

    # Keep

    async def prune(self, now: int, retention: Retention, limit: int) -> int:
        """Delete in one step, over at most `limit` rows, what is too old; how many they were (0: nothing).

        Event ids stay for at least 8 days whatever the retention: Meta may redeliver for 7. While a
        delivery is open, its event keeps its raw element, and the delivery its attempts.
        """
        ...

    async def reseal(self) -> int:
        """Seal all secrets anew under the first encryption key; how many values that were.

        All or nothing, or so that a call that died is carried on by the next: what is sealed under any
        of the keys opens at any moment. Raises WrongEncryptionKey where no key opens a value.
        """
        ...
