"""People who have each written once to one of some pages, moved into an empty store as from another one.

Letting each of them write would take ten times as long, and leave the same people behind.
"""

from time import monotonic
from uuid import UUID

from adapters import ADAPTERS
from adapters.base import Decoded, Identity, Inbound
from adapters.event import encode
from bench.traffic import Traffic
from gateway.store.records import Arrival
from gateway.store.redis import RedisStore
from gateway.store.sqlite import SqliteStore
from gateway.store.transfer.contract import Stretch
from gateway.store.transfer.people import ContactRecord, ConversationRecord, IdentityRecord

CUSTOMER = "default"
_STRETCH = 256


async def settle(
    store: SqliteStore | RedisStore, traffic: Traffic, people: int, now: int, deadline: float
) -> int:
    """Fill an open store, which must be opened anew then. Returns how many there was time for."""
    restoring = store.restoring()
    progress = await restoring.begin("bench")
    settled = 0
    while settled < people and monotonic() < deadline:
        until = min(settled + _STRETCH, people)
        records = tuple(_contact(one, arrival(traffic, one, now)) for one in range(settled, until))
        await restoring.restore(Stretch(kind="contacts", records=records, cursor="", more=False), progress)
        settled = until
    return settled


def arrival(traffic: Traffic, number: int, now: int) -> Arrival:
    """A message as the intake hands it to a store."""
    platform, body = traffic.envelope(number)
    (decoded,) = ADAPTERS[platform].decode(Inbound(body))
    assert isinstance(decoded, Decoded)
    return Arrival(decoded=decoded, body=encode(decoded.event), received_at=now, customer_ids=(CUSTOMER,))


def identities_of(one: Arrival) -> tuple[Identity, ...]:
    """By what the platform names whoever has written."""
    assert one.decoded.person is not None
    return one.decoded.person.identities


def _contact(number: int, first: Arrival) -> ContactRecord:
    platform, names = first.decoded.event.platform, identities_of(first)
    return ContactRecord(
        key=number + 1,
        id=f"usr_{UUID(int=number + 1)}",
        name=None,
        username=None,
        created_at=first.received_at,
        identities=tuple(_identity(platform, one) for one in names),
        conversations=(_conversation(number, first),),
    )


def _identity(platform: str, one: Identity) -> IdentityRecord:
    return IdentityRecord(platform=platform, kind=one.kind, scope=one.scope, value=one.value, former=False)


def _conversation(number: int, first: Arrival) -> ConversationRecord:
    event = first.decoded.event
    return ConversationRecord(
        key=number + 1,
        id=f"conv_{number:020}",
        platform=event.platform,
        page_id=event.page_id,
        waba_id=event.waba_id,
        thread=None,
        started=True,
        sequence=1,
        last_inbound_at=event.timestamp_ms,
        ended=(),
        watermarks={},
    )
