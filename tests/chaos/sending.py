"""Sends through a gateway that dies, to a Meta that fails: `python -m tests.chaos.sending`.

Counts what people got twice, and what was taken by the gateway and neither arrived nor was said to be lost.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import tempfile
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from gateway.simulator import Acts, Meta, serving
from gateway.simulator.faults import Fault
from gateway.simulator.people import Asset
from tests.gateways import APP_SECRET, VERIFY_TOKEN
from tests.receivers import Receiver, receiving
from tests.servers import free_port, ready
from tests.servers import serving as gateway

SENDERS = 16
SHARE = 0.05
STATES = ("queued", "sent", "delivered", "read", "failed", "unknown")


class Plan(Struct, frozen=True, kw_only=True):
    """How much of what."""

    sends: int
    kills: int
    people: int
    lost_answers: str = "silence"
    """How the answer to a message that was taken gets lost: `silence` (30 s each) or `reset`."""
    patience_seconds: float = 900


class Figures(Struct, frozen=True, kw_only=True):
    """What came of it."""

    accepted: int
    twice: int
    lost: int
    """Taken by the gateway, not received by anybody, and neither failed nor unknown."""
    wrong: int
    """Received, and said to have failed."""
    states: dict[str, int]
    events: dict[str, int]


class Run:
    """One Meta, one receiver, one gateway after the other on one file."""

    def __init__(self, plan: Plan, folder: Path, receiver: Receiver) -> None:
        self._plan = plan
        self._folder = folder
        self._receiver = receiver
        self._port = free_port()
        self.meta = Meta(seed=3, secret=APP_SECRET)
        self.meta.manner.aftermath = "before"
        self.meta.manner.retry_factor = 1_000
        self.meta.manner.disable_after_an_hour = False
        pages: list[Asset] = [self.meta.add_page(), self.meta.add_page(), self.meta.add_page()]
        self.assets: list[Asset] = [*pages, self.meta.add_number()]
        for number in range(plan.people):
            self.meta.add_person(f"p{number}")
        self.accepted: list[str] = []
        self._wanted = iter(range(plan.sends))

    async def run(self, graph_url: str) -> Figures:
        """Set up, send among kills, wait for the dust to settle, count."""
        with gateway(self._folder, self._port, graph_url=graph_url, retry_schedule="1,1,1,1,1"):
            http = await ready(self._port)
            await self._set_up(http)
            await http.aclose()
        self._break()
        every = self._plan.sends // (self._plan.kills + 1)
        for number in range(self._plan.kills):
            await self._until_killed(graph_url, (number + 1) * every)
        with gateway(self._folder, self._port, graph_url=graph_url, retry_schedule="1,1,1,1,1"):
            http = await ready(self._port)
            await self._send_all(http, self._plan.sends)
            self.meta.faults.clear()
            states = await self._settled(http)
            await http.aclose()
        return self._count(states)

    async def _set_up(self, http: httpx.AsyncClient) -> None:
        acts = Acts(self.meta)
        for asset in self.assets:
            account = {"platform": asset.platform, "page_id": asset.id}
            token = {"access_token": self.meta.token(asset.id).value}
            (await http.post("/v1/accounts", json=account | token)).raise_for_status()
        for platform in ("facebook", "whatsapp"):
            callback = f"http://127.0.0.1:{self._port}/webhooks/{platform}"
            await self.meta.subscribe(platform, callback, VERIFY_TOKEN)
        wanted = {"url": self._receiver.url, "events": ["message.*"]}
        self._receiver.secret = (await http.post("/v1/endpoints", json=wanted)).json()["secret"]
        for person in self.meta.people:
            for asset in self.assets:
                await acts.sends(person.key, asset.id, "hi")
        people = [person.key for person in self.meta.people]
        targets = [(asset, self._id_on(person, asset)) for person in people for asset in self.assets]
        self._targets = cycle(targets)

    def _id_on(self, key: str, asset: Asset) -> str:
        person = self.meta.person(key)
        return person.phone if asset.platform == "whatsapp" else self.meta.people.id_on(person, asset)

    def _break(self) -> None:
        faults = self.meta.faults
        faults.add_odds(
            Fault(kind="reset" if self._plan.lost_answers == "reset" else "silence", after_accept=True), SHARE
        )
        faults.add_odds(Fault(kind="status", status=500), SHARE)
        faults.add_odds(Fault(kind="status", status=429), SHARE)

    async def _until_killed(self, graph_url: str, goal: int) -> None:
        with gateway(self._folder, self._port, graph_url=graph_url, retry_schedule="1,1,1,1,1") as process:
            http = await ready(self._port)
            await self._send_all(http, goal, process.pid)
            await http.aclose()

    async def _send_all(self, http: httpx.AsyncClient, goal: int, victim: int | None = None) -> None:
        """Until so many were taken; then the victim dies in the midst of the others' requests."""
        await asyncio.gather(*(self._sender(http, goal, victim) for _ in range(SENDERS)))

    async def _sender(self, http: httpx.AsyncClient, goal: int, victim: int | None) -> None:
        while len(self.accepted) < goal + SENDERS and (number := next(self._wanted, None)) is not None:
            asset, recipient = next(self._targets)
            wish: dict[str, Any] = {"platform": asset.platform, "page_id": asset.id, "to": recipient}
            try:
                answer = await http.post("/v1/messages", json=wish | {"message": _text(f"message {number}")})
            except httpx.TransportError:
                if victim is not None:
                    return
                continue  # Perhaps taken: whoever has no answer does not know.
            if answer.status_code == 202:
                self.accepted.append(answer.json()["id"])
            if len(self.accepted) == goal and victim is not None:
                os.kill(victim, signal.SIGKILL)

    async def _settled(self, http: httpx.AsyncClient) -> dict[str, str]:
        """The state of every message, once none is queued and what was received is known as sent.

        Or once patience ends: what is counted then is what there is.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._plan.patience_seconds):
                await self._watch(http)
        return await self._states(http)

    async def _watch(self, http: httpx.AsyncClient) -> None:
        while True:
            states = await self._states(http)
            open_ones = [one for one in self.accepted if states[one] == "queued"]
            received = self._received()
            doubtful = [one for one in received if states.get(one) == "unknown"]
            if not open_ones and not doubtful:
                return
            count = len(self._receiver.deliveries)
            try:
                await self._receiver.until(lambda all_, n=count: len(all_) > n, 2)  # type: ignore[misc]
            except TimeoutError:
                continue

    async def _states(self, http: httpx.AsyncClient) -> dict[str, str]:
        found, cursor = {}, ""
        while True:
            listed = (await http.get(f"/v1/messages?limit=100{cursor}")).json()
            found.update({one["id"]: one["state"] for one in listed["data"]})
            if listed["next_cursor"] is None:
                return found
            cursor = f"&cursor={listed['next_cursor']}"

    def _received(self) -> Counter[str]:
        """Our tags on what people have got."""
        messages = (one for thread in self.meta.threads for one in thread.messages)
        return Counter(str(one.tag) for one in messages if one.outbound and one.tag)

    def _count(self, states: dict[str, str]) -> Figures:
        received = self._received()
        told = ("failed", "unknown")
        return Figures(
            accepted=len(self.accepted),
            twice=sum(count > 1 for count in received.values()),
            lost=sum(not received[one] and states[one] not in told for one in self.accepted),
            wrong=sum(states.get(one) == "failed" for one in received),
            states=dict(Counter(states.values())),
            events=dict(Counter(one.event["event"] for one in self._unique())),
        )

    def _unique(self) -> list[Any]:
        return list({one.webhook_id: one for one in self._receiver.deliveries}.values())


def _text(body: str) -> dict[str, str]:
    return {"type": "text", "body": body}


async def figures(plan: Plan, folder: Path) -> Figures:
    """Do it all."""
    async with receiving() as receiver:
        made = Run(plan, folder, receiver)
        async with serving(made.meta) as graph_url:
            return await made.run(graph_url)


def main() -> None:
    """10,000 sends unless told otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sends", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--people", type=int, default=250)
    given = parser.parse_args()
    plan = Plan(sends=given.sends, kills=given.kills, people=given.people)
    with tempfile.TemporaryDirectory() as folder:
        made = asyncio.run(figures(plan, Path(folder)))
    print(json.dumps({name: getattr(made, name) for name in made.__struct_fields__}, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
