"""A crowd in a store, and the person in it who is going to be erased, with all that is kept of people."""

import random

from msgspec.structs import replace

from adapters.base import Identity, Person, Quarantined
from adapters.event import encode
from adapters.message import Message
from gateway.store.base import Store
from gateway.store.contact import KnownProfile
from gateway.store.records import Arrival, Attempt, Outcome
from tests.store.samples import NOW, PAGE, arrival, claimed, event

ID, NAME, TEXT = "7316482059174832", "Philippa Quartermaine", "meet me at Zanzibar Street"


def said(value: str, name: str, text: str, number: int) -> Arrival:
    """A message whose body and raw element both name its sender."""
    happened = event(
        "message.received",
        f"{value}-{number}",
        from_=value,
        message=Message(id=f"m_{value}_{number}", type="text", body=text, attachments=()),
    )
    element = f'{{"sender":{{"id":"{value}"}},"name":"{name}","text":"{text}"}}'.encode()
    person = Person(identities=(Identity("psid", value, PAGE),), name=name)
    made = arrival(happened, person, opens_window=True, routes=claimed("ep_1"))
    decoded = replace(made.decoded, envelope=b'{"x":' + element + b"}", element=(5, 5 + len(element)))
    return replace(made, decoded=decoded, body=encode(happened))


async def fill(store: Store, people: int, seed: int) -> None:
    """A crowd, and the person among them, with everything that a store keeps of people."""
    chance = random.Random(seed)  # noqa: S311 (a crowd, no secret)
    values = [str(chance.randrange(10**15, 10**16)) for _ in range(people)]
    values[people // 2 : people // 2] = [ID]
    for number in range(2):
        crowd = [_one(value, number) for value in values]
        for start in range(0, len(crowd), 20):
            await _deliver(store, crowd[start : start + 20])
    identity = Identity("psid", ID, PAGE)
    await store.people.mark_stale("facebook", identity, "unreachable", NOW)
    profile = KnownProfile(identity=identity, fetched_at=NOW, fresh_until=NOW, fields={"name": NAME})
    await store.people.keep_profile("facebook", profile, NAME, "asset-of-" + ID)
    await store.quarantine(
        "facebook", NOW, [Quarantined(reason="not_json", pointer="", body=f"<{ID}> {NAME}".encode())]
    )


def _one(value: str, number: int) -> Arrival:
    if value == ID:
        return said(ID, NAME, TEXT, number)
    return said(value, f"Somebody {value}", f"hello from {value}" * 9, number)


async def _deliver(store: Store, arrivals: list[Arrival]) -> None:
    outcomes = []
    for one, admission in zip(arrivals, await store.accept(arrivals), strict=True):
        response = f"thanks to {one.decoded.person}"
        attempt = Attempt(at=NOW, duration_ms=5, status=200, response=response)
        outcomes += [Outcome(job=job, attempt=attempt, state="delivered") for job in admission.jobs]
    await store.finish(outcomes)
