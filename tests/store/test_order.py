"""Whatever happens, every delivery is made, once, and in the order of its conversation."""

from collections import defaultdict
from random import Random

import pytest

from gateway.store.base import Store
from gateway.store.records import Job
from tests.store.conftest import OpenStore
from tests.store.samples import LEASE, NOW, claimed, endpoint, failed, message, psid, queued, succeeded

pytestmark = pytest.mark.anyio

CONVERSATIONS = 3


class Traffic:
    """Random requests, receivers that fail, a gateway that is restarted: one seed, one story."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        self.now = NOW
        self.sent: dict[str, list[str]] = defaultdict(list)
        self.delivered: dict[str, list[str]] = defaultdict(list)
        self.jobs: list[Job] = []

    async def arrive(self, store: Store) -> None:
        """A few messages in one request."""
        routes = self.random.choice([claimed, queued])("ep_1")
        people = [str(2001 + self.random.randrange(CONVERSATIONS)) for _ in range(self.random.randint(1, 3))]
        total = sum(map(len, self.sent.values()))
        arrivals = [
            message(f"m_{total + n}", psid(person), at=self.now, routes=routes)
            for n, person in enumerate(people)
        ]
        for admission, person in zip(await store.accept(arrivals), people, strict=True):
            self.sent[person].append(admission.event_id)
            self.jobs += admission.jobs

    async def claim(self, store: Store) -> None:
        """Time goes on, and some of what is due is taken."""
        self.now += self.random.randrange(2_000)
        jobs, _ = await store.claim(
            "ep_1", self.now, LEASE, self.random.randrange(4), self.random.randrange(4)
        )
        self.jobs += jobs

    async def answer(self, store: Store) -> None:
        """The receiver answers some of what is on its way."""
        self.random.shuffle(self.jobs)
        answered = [self.jobs.pop() for _ in range(self.random.randint(0, len(self.jobs)))]
        outcomes = [
            succeeded(job) if self.random.random() < 0.7 else failed(job, self.now + 500) for job in answered
        ]
        owners = {event_id: person for person, ids in self.sent.items() for event_id in ids}
        for outcome, settlement in zip(outcomes, await store.finish(outcomes), strict=True):
            if settlement.moved and outcome.state == "delivered":
                self.delivered[owners[outcome.job.event_id]].append(outcome.job.event_id)


@pytest.mark.parametrize("seed", range(8))
async def test_every_delivery_is_made_once_and_in_order(open_store: OpenStore, seed: int) -> None:
    store = await open_store()
    await store.put_endpoint(endpoint())
    traffic = Traffic(seed)
    for turn in range(120):
        await traffic.random.choice([traffic.arrive, traffic.claim, traffic.answer])(store)
        if turn % 40 == 39:
            await store.close()
            store = await open_store()
            traffic.jobs.clear()
    for _ in range(2_000):
        await traffic.claim(store)
        await traffic.answer(store)
        if traffic.delivered == traffic.sent:
            break
    assert traffic.delivered == traffic.sent
    assert await store.backlog() == []
