"""Sends through a gateway that dies, to a Meta that fails: `python -m tests.chaos.sending`.

Counts what people got twice, and what was taken by the gateway and neither arrived nor was said to be lost.
Ends minutes later by the gateway's clock: first the leases of the dead run out, then everything becomes
final. On Redis (`--store redis`) a second process sends beside it, and is killed as well.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from itertools import cycle
from pathlib import Path
from subprocess import Popen
from typing import Any

import httpx
from msgspec import Struct

from gateway.clock import system_clock
from gateway.simulator import Acts, Meta
from gateway.simulator import serving as simulated
from gateway.simulator.faults import Fault
from gateway.simulator.notifier import OK
from gateway.simulator.people import Asset
from gateway.store.outbox import LEASE_MS, SETTLE_MS
from tests.chaos.hearing import Hearing
from tests.chaos.spare import Spare
from tests.gateways import APP_SECRET, VERIFY_TOKEN, running
from tests.receivers import Receiver, receiving
from tests.redis_servers import server
from tests.servers import free_port, ready, serving

SENDERS = 16
SHARE = 0.05
LEASED_MS = LEASE_MS + 10_000
FINAL_MS = LEASED_MS + SETTLE_MS + 60_000
QUIET_SECONDS = 5
"""Who still says nothing then waits for the lease of somebody dead."""
RETRIES = "1,1,1,1,1"


class Plan(Struct, frozen=True, kw_only=True):
    """How much of what."""

    sends: int
    kills: int
    people: int
    lost_answers: str = "silence"
    """How the answer to a message that was taken gets lost: `silence` (30 s each) or `reset`."""
    patience_seconds: float = 240
    """For what is queued to go out, and for all echoes and statuses to come in."""


class Figures(Struct, frozen=True, kw_only=True):
    """What came of it."""

    accepted: int
    twice: int
    lost: int
    """Taken by the gateway, not received by anybody, and neither failed nor unknown."""
    silent: int
    """Taken by the gateway, and never said what became of it."""
    wrong: int
    """Received, and said to have failed."""
    unknown: dict[str, int]
    """Why nobody knows, and whether it was received."""
    states: dict[str, int]
    events: dict[str, int]


class Run:
    """One Meta, one receiver, one gateway after the other on one store."""

    def __init__(self, plan: Plan, folder: Path, receiver: Receiver, store: str | None = None) -> None:
        """`store`: the address of a Redis; None: a file."""
        self._plan = plan
        self._folder = folder
        self._store = f"sqlite:///{folder}/gateway.db" if store is None else store
        self._spare = None if store is None else Spare(folder)
        self._receiver = receiver
        self._hearing = Hearing(receiver)
        self._port = free_port()
        self.meta = Meta(seed=3, secret=APP_SECRET)
        self.meta.manner.aftermath = "before"
        self.meta.manner.retry_factor = 30_000
        self.meta.manner.disable_after_an_hour = False
        pages: list[Asset] = [self.meta.add_page(), self.meta.add_page(), self.meta.add_page()]
        self.assets: list[Asset] = [*pages, self.meta.add_number()]
        for number in range(plan.people):
            self.meta.add_person(f"p{number}")
        self.accepted: list[str] = []
        self._wanted = iter(range(plan.sends))

    async def run(self, graph_url: str) -> Figures:
        """Set up, send among kills, wait for the dust to settle, count."""
        changes = {"store": self._store, "graph_url": graph_url, "retry_schedule": RETRIES}
        async with self._gateway(changes) as (_, http):
            await self._set_up(http)
        if self._spare is None:
            return await self._rounds(changes)
        with self._spare.serving(changes):
            return await self._rounds(changes)

    async def _rounds(self, changes: dict[str, str]) -> Figures:
        self._break()
        every = self._plan.sends // (self._plan.kills + 1)
        for number in range(self._plan.kills):
            async with self._gateway(changes) as (process, http):
                await self._send_all(http, (number + 1) * every, process.pid)
        async with self._gateway(changes) as (_, http):
            await self._send_all(http, self._plan.sends)
            self.meta.faults.clear()
            await self._quiet(http)
        if self._spare is not None:
            self._spare.kill()
        self._receiver.secret = ""  # Its clock does not go forward: it would refuse our signatures.
        async with running(self._folder, lambda: system_clock() + LEASED_MS, **changes) as (_, http):
            await self._sent(http)
        async with running(self._folder, lambda: system_clock() + FINAL_MS, **changes) as (_, http):
            return self._count(await self._final(http))

    @asynccontextmanager
    async def _gateway(
        self, changes: dict[str, str]
    ) -> AsyncIterator[tuple["Popen[bytes]", httpx.AsyncClient]]:
        with serving(self._folder, self._port, **changes) as process:
            async with contextlib.aclosing(await ready(self._port)) as http:
                yield process, http

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

    async def _send_all(self, http: httpx.AsyncClient, goal: int, victim: int | None = None) -> None:
        """Until so many were taken; then the victim dies in the midst of the others' requests."""
        await asyncio.gather(*(self._sender(http, goal, victim) for _ in range(SENDERS)))
        if self._spare is not None:
            self._spare.replace()

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

    async def _quiet(self, http: httpx.AsyncClient) -> None:
        """Once nothing is queued and Meta has told all it has to tell; or nothing is heard any more."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._plan.patience_seconds):
                while await self._queued(http) or any(one.status != OK for one in self.meta.notifier.sent):
                    await self._hear(QUIET_SECONDS)

    async def _sent(self, http: httpx.AsyncClient) -> None:
        """Once nothing is queued, or patience ends."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._plan.patience_seconds):
                while await self._queued(http):
                    with contextlib.suppress(TimeoutError):
                        await self._hear(1)

    async def _queued(self, http: httpx.AsyncClient) -> bool:
        listed = await http.get("/v1/messages", params={"state": "queued", "limit": 1})
        return bool(listed.json()["data"])

    async def _hear(self, seconds: float) -> None:
        """One event more. Raises TimeoutError."""
        count = len(self._receiver.deliveries)
        await self._receiver.until(lambda all_: len(all_) > count, seconds)

    async def _final(self, http: httpx.AsyncClient) -> dict[str, Any]:
        """Every message as it is when its customer has heard the last of it, or patience ends."""
        with contextlib.suppress(TimeoutError):
            await self._hearing.until_told(self.accepted, self._plan.patience_seconds)
        return await self._shown(http)

    async def _shown(self, http: httpx.AsyncClient) -> dict[str, Any]:
        found, query = {}, {"limit": "100"}
        while True:
            listed = (await http.get("/v1/messages", params=query)).json()
            found.update({one["id"]: one for one in listed["data"]})
            if listed["next_cursor"] is None:
                return found
            query["cursor"] = listed["next_cursor"]

    def _received(self) -> Counter[str]:
        """Our tags on what people have got."""
        messages = (one for thread in self.meta.threads for one in thread.messages)
        return Counter(str(one.tag) for one in messages if one.outbound and one.tag)

    def _count(self, shown: dict[str, Any]) -> Figures:
        received, told = self._received(), self._hearing.listen()
        bad_news = {"message.send_failed", "message.send_unknown"}
        unknown = [one for one in shown.values() if one["state"] == "unknown"]
        return Figures(
            accepted=len(self.accepted),
            twice=sum(count > 1 for count in received.values()),
            lost=sum(not received[one] and not told.get(one, set()) & bad_news for one in self.accepted),
            silent=sum(one not in told for one in self.accepted),
            wrong=sum("message.send_failed" in told.get(one, ()) for one in received),
            unknown=dict(Counter(_reason(one, one["id"] in received) for one in unknown)),
            states=dict(Counter(one["state"] for one in shown.values())),
            events=dict(self._hearing.events),
        )


def _reason(shown: dict[str, Any], received: bool) -> str:
    error = shown["error"] or {}
    return f"{shown['platform']}: {error.get('title') or error.get('detail')}; {received=}"


def _text(body: str) -> dict[str, str]:
    return {"type": "text", "body": body}


async def figures(plan: Plan, folder: Path, store: str | None = None) -> Figures:
    """Do it all, on a file or on the Redis at this address."""
    async with receiving() as receiver:
        made = Run(plan, folder, receiver, store)
        async with simulated(made.meta) as graph_url:
            return await made.run(graph_url)


def main() -> None:
    """10,000 sends unless told otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sends", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--people", type=int, default=250)
    parser.add_argument("--store", choices=["sqlite", "redis"], default="sqlite")
    given = parser.parse_args()
    plan = Plan(sends=given.sends, kills=given.kills, people=given.people)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        store = None
        if given.store == "redis":
            store = stack.enter_context(server(Path(folder) / "redis")).url
        made = asyncio.run(figures(plan, Path(folder), store))
    print(json.dumps({name: getattr(made, name) for name in made.__struct_fields__}, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
