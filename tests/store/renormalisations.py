"""Re-normalisations for the tests: a parser that a test teaches, and the worker that asks it."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from adapters.base import Decoded, Quarantined
from adapters.message import Message
from gateway.directory import Directory
from gateway.renormaliser import Renormaliser
from gateway.store.base import Store
from gateway.store.records import Arrival, Job
from gateway.store.renormalisation import Renormalisation, RenormalisationPlan
from tests.store.samples import NOW, arrival, body_of, event, message

LATER = NOW + 60_000
RUN = "rnm_1"


class Parser(dict[bytes, tuple[Decoded | Quarantined, ...]]):
    """The present parser: what it makes of each envelope that it has been taught."""

    def __call__(self, platform: str, envelope: bytes) -> Sequence[Decoded | Quarantined]:
        return self[envelope]

    def reads(self, arrived: Arrival, *found: Decoded | Quarantined) -> None:
        """What a stored element is today; without `found`, what it was."""
        self[arrived.decoded.envelope] = found or (arrived.decoded,)


class Woken(list[str]):
    """In place of the dispatcher: notes whom it was told about."""

    def wake(self, endpoint_id: str) -> None:
        self.append(endpoint_id)

    def reserve(self, endpoint_id: str) -> bool:
        return False

    def release(self, endpoint_id: str) -> None:
        """Nothing was reserved."""

    def take(self, jobs: Sequence[Job]) -> None:
        """Nothing was claimed."""


def asked(identifier: str = RUN, rate: int = 1_000, **fields: Any) -> Renormalisation:
    """A run over all that came before LATER, asked for then."""
    plan = RenormalisationPlan(**{"since": 0, "until": LATER, **fields})
    return Renormalisation(id=identifier, plan=plan, created_at=LATER, rate=rate)


async def worker(store: Store, parser: Parser, now: int = LATER) -> Renormaliser:
    """The worker as it is put together in a gateway."""
    directory = Directory(store)
    await directory.reload()
    return Renormaliser(store, directory, Woken(), lambda: now, parser)


async def renormalise(
    store: Store, parser: Parser, identifier: str = RUN, now: int = LATER, **fields: Any
) -> Renormalisation:
    """A run from its beginning to its end."""
    await store.begin_renormalisation(asked(identifier, **fields))
    while True:
        await (await worker(store, parser, now)).advance()
        found = await store.renormalisation(None, identifier)
        assert found is not None
        if found.state != "running":
            return found
        now += 1_000


def unread(mid: str = "m_1", **fields: Any) -> Arrival:
    """A text that the parser of its time knew nothing about: no message, no person."""
    return arrival(event("unknown", mid, id_of="message.received"), None, **fields)


def read(old: Arrival, mid: str = "m_1", text: str = "hello") -> Decoded:
    """The same element as the present parser reads it: its id is the same, as its native kind is."""
    part = Message(id=mid, type="text", body=text, attachments=())
    good = message(mid).decoded
    happened = replace(good.event, id=old.decoded.event.id, message=part)
    return replace(good, event=happened, envelope=old.decoded.envelope, element=old.decoded.element)


def as_another(old: Arrival, mid: str, text: str = "hello") -> Decoded:
    """The same element with its proper id."""
    decoded = read(old, mid, text)
    return replace(decoded, event=replace(decoded.event, id=message(mid).decoded.event.id))


async def shown(store: Store, event_id: str) -> dict[str, Any]:
    """An event that is there."""
    found = await store.event(None, event_id)
    assert found is not None
    return body_of(found)
