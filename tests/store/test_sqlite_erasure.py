"""After an erasure no byte of the person is left in the files, wherever SQLite may have put it."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.base import Identity, Person, Quarantined
from adapters.event import encode
from adapters.message import Message
from gateway.store.contact import KnownProfile
from gateway.store.records import Arrival, Attempt, Outcome
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.store.conftest import CountedIds
from tests.store.erasures import by, erase, left_in
from tests.store.opening import KEY
from tests.store.samples import NOW, PAGE, arrival, claimed, endpoint, event

pytestmark = pytest.mark.anyio

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


async def fill(store: SqliteStore, people: int, seed: int) -> None:
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


async def _deliver(store: SqliteStore, arrivals: list[Arrival]) -> None:
    outcomes = []
    for one, admission in zip(arrivals, await store.accept(arrivals), strict=True):
        response = f"thanks to {one.decoded.person}"
        attempt = Attempt(at=NOW, duration_ms=5, status=200, response=response)
        outcomes += [Outcome(job=job, attempt=attempt, state="delivered") for job in admission.jobs]
    await store.finish(outcomes)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), people=st.integers(1, 400))
async def test_no_byte_is_left_while_the_store_is_open(
    tmp_path_factory: pytest.TempPathFactory, seed: int, people: int
) -> None:
    directory: Path = tmp_path_factory.mktemp("erased")
    store = SqliteStore(directory / "gateway.db", Vault(KEY), lambda: NOW, CountedIds())
    await store.open()
    try:
        await store.put_endpoint(endpoint())
        await fill(store, people, seed)
        assert left_in(directory, ID, NAME, TEXT)
        await erase(store, by("psid", ID, PAGE))
        assert left_in(directory, ID, NAME, TEXT) == []
    finally:
        await store.close()
    assert left_in(directory, ID, NAME, TEXT) == []
