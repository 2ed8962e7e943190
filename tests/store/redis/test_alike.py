"""Whatever happens to people, the store on Redis knows of them what the one on a file does."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import Identity, Person
from adapters.parts import Consent
from gateway.store.base import Store
from gateway.store.contact import ContactFilter, KnownContact, KnownProfile
from gateway.store.contacts import IdentityTaken, Unmergeable
from gateway.store.records import Account, Customer, PageRequest
from tests.redis_servers import RedisServer
from tests.store.conftest import CountedIds
from tests.store.opening import store_at
from tests.store.samples import NOW, arrival, event

pytestmark = pytest.mark.anyio

_FILTERS: list[dict[str, Any]] = [
    {},
    {"stale": True},
    {"name": "name 1"},
    {"kind": "wa_id"},
    {"stale": False},
]
_worlds = count()
"""Each example has pages and accounts of its own: one pair of stores serves all."""


class World:
    """A few pages of two customers, and a few people on them, in two stores that should say the same."""

    def __init__(self, stores: tuple[Store, Store]) -> None:
        self._stores = stores
        self._name = next(_worlds)
        self._steps = count()
        self.pages = [("facebook", f"{self._name}-{one}") for one in range(3)]
        self.pages += [("whatsapp", f"{self._name}-n{one}") for one in range(2)]

    async def begin(self) -> None:
        for number, (platform, page_id) in enumerate(self.pages):
            owner = "default" if number % 2 else "cus_other"
            account = Account(
                id=f"acc_{page_id}", customer_id=owner, platform=platform, page_id=page_id, created_at=NOW
            )
            for store in self._stores:
                await store.put_account(account)

    def identity(self, page: int, who: int) -> Identity:
        platform, page_id = self.pages[page]
        if platform == "facebook":
            return Identity("psid", f"{who}", page_id)
        kind = ("wa_id", "bsuid")[who % 2]
        return Identity(kind, f"{kind}{who}", f"{self._name}-waba")

    async def happens(self, page: int, who: int, other: int, what: str) -> None:
        step = next(self._steps)
        platform, page_id = self.pages[page]
        at = NOW + step * 1_000
        identities = tuple(dict.fromkeys((self.identity(page, who), self.identity(page, other))))
        single = platform == "facebook" or len({one.kind for one in identities}) < len(identities)
        person = Person(
            identities=identities[:1] if single else identities, name=f"Name {other}" if other % 2 else None
        )
        fields: dict[str, Any] = {"timestamp_ms": at, "timestamp": at // 1000}
        if what != "writes":
            topic = "Sales" if what == "declines" else None
            state = "opted_in" if what == "agrees" else "opted_out"
            fields["consent"] = Consent(state=state, source="x", topic=topic)  # type: ignore[arg-type]
        name = "message.received" if what == "writes" else f"contact.{fields['consent'].state}"
        happened = event(name, f"{self._name} {step}", platform, page_id=page_id, **fields)
        thread = f"{self._name}-group" if what == "writes" and who == 4 and platform == "whatsapp" else None
        for store in self._stores:
            await store.accept([arrival(happened, person, at, opens_window=what == "writes", thread=thread)])

    async def marks(self, page: int, who: int) -> None:
        platform, _ = self.pages[page]
        identity = self.identity(page, who)
        await self._both(lambda store: store.people.mark_stale(platform, identity, "unreachable", NOW))

    async def tells(self, page: int, who: int, name: str | None, picture: str | None) -> None:
        platform, _ = self.pages[page]
        fetched = NOW + next(self._steps)
        profile = KnownProfile(
            identity=self.identity(page, who), fetched_at=fetched, fresh_until=fetched, fields={"name": name}
        )
        await self._both(lambda store: store.people.keep_profile(platform, profile, name, picture))

    async def changes(self, what: str, one: int, other: int, customer_id: str | None, page: int) -> None:
        """Something about the contacts at these places in the list, if there are so many."""
        people, others = [await self._all(store) for store in self._stores]
        assert [each.id for each in people] == [each.id for each in others]
        if not people:
            return
        platform, _ = self.pages[page]
        contact, second = people[one % len(people)], people[other % len(people)].id
        identity = (
            self.identity(page, other) if other % 2 else Identity("asid", str(other), f"{self._name}-app")
        )
        if what == "link" and contact.platform != platform:
            return
        first = contact.id
        calls: dict[str, Callable[[Store], Any]] = {
            "merge": lambda store: store.people.merge(customer_id, first, second),
            "keep_apart": lambda store: store.people.keep_apart(customer_id, first, second),
            "link": lambda store: store.people.link(customer_id, first, platform, identity),
            "unlink": lambda store: store.people.unlink(customer_id, first, identity),
            "deauthorize": lambda store: store.people.deauthorize("facebook", identity),
        }
        await self._both(calls[what])

    async def compare(self) -> None:
        """Lists, single contacts, and what is asked before sending."""
        for number, (_, page_id) in enumerate(self.pages):
            for customer_id in (None, "default", "cus_other"):
                which = _FILTERS[number % len(_FILTERS)] if customer_id is None else {}
                first, second = [
                    await self._listed(store, customer_id, page_id=page_id, **which) for store in self._stores
                ]
                assert first == second
        for page, (platform, page_id) in enumerate(self.pages):
            for who in range(5):
                identity = self.identity(page, who)
                await self._both(lambda store: store.people.addressee(platform, page_id, identity))  # noqa: B023
                await self._both(lambda store: store.people.profile(platform, identity))  # noqa: B023
                await self._both(lambda store: _ids(store, platform, identity))  # noqa: B023

    async def _all(self, store: Store) -> list[KnownContact]:
        found: dict[str, KnownContact] = {}
        for _, page_id in self.pages:
            page = await store.people.contacts(None, ContactFilter(page_id=page_id), PageRequest(limit=100))
            found |= {one.id: one for one in page.data}
        return sorted(found.values(), key=lambda one: one.id)

    async def _listed(self, store: Store, customer_id: str | None, **which: Any) -> list[Any]:
        page = await store.people.contacts(customer_id, ContactFilter(**which), PageRequest(limit=100))
        return [_comparable(one) for one in page.data]

    async def _both(self, call: Callable[[Store], Any]) -> None:
        answers = []
        for store in self._stores:
            try:
                answers.append(await call(store))
            except (Unmergeable, IdentityTaken) as error:
                answers.append(repr(error))
        assert answers[0] == answers[1], answers


async def _ids(store: Store, platform: str, identity: Identity) -> set[str]:
    return {one.contact_id for one in await store.people.suspects(platform, identity)}


def _comparable(contact: KnownContact) -> dict[str, Any]:
    """Without the order of identities, which says nothing."""
    shown: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(contact))
    del shown["cursor"]
    shown["identities"].sort(key=lambda one: (one["kind"], one["scope"], one["value"]))
    shown["consents"].sort(key=lambda one: (one["page_id"], one["topic"]))
    for one in shown["conversations"]:
        one["aliases"].sort()
    return shown


@pytest.fixture
async def stores(tmp_path: Path, redis_server: RedisServer) -> AsyncIterator[tuple[Store, Store]]:
    async with AsyncExitStack() as stack:
        opened = []
        for url in (f"sqlite:///{tmp_path}/gateway.db", f"{redis_server.url}?shards=4"):
            store = store_at(url, lambda: NOW, CountedIds())
            await store.open()
            stack.push_async_callback(store.close)
            await store.put_customer(Customer(id="cus_other", name="Other", created_at=NOW))
            opened.append(store)
        yield opened[0], opened[1]


_page, _who = st.integers(0, 4), st.integers(0, 4)
_customer = st.sampled_from([None, "default", "cus_other"])
_steps = st.one_of(
    st.tuples(
        st.just("happens"),
        _page,
        _who,
        _who,
        st.sampled_from(["writes", "writes", "agrees", "declines", "leaves"]),
    ),
    st.tuples(st.just("marks"), _page, _who),
    st.tuples(
        st.just("tells"), _page, _who, st.sampled_from([None, "Ada"]), st.sampled_from([None, "1_2_3"])
    ),
    st.tuples(
        st.just("changes"),
        st.sampled_from(["merge", "merge", "keep_apart", "link", "unlink", "deauthorize"]),
        *(_who, _who, _customer, _page),
    ),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_steps, min_size=5, max_size=25))
async def test_both_stores_know_the_same_of_people(
    stores: tuple[Store, Store], steps: list[tuple[Any, ...]]
) -> None:
    world = World(stores)
    await world.begin()
    for name, *about in steps:
        await getattr(world, name)(*about)
    await world.compare()
