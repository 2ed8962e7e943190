"""A whole gateway between a simulated Meta and a customer's receiver; everything over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from gateway.app import Gateway
from gateway.cli.server import listen, server, url_of
from gateway.clock import system_clock
from gateway.simulator import Acts, Meta, serving
from gateway.simulator.people import Asset
from tests.gateways import ADMIN_KEY, APP_SECRET, VERIFY_TOKEN, settings
from tests.patience import SOON
from tests.receivers import Receiver, receiving


class Time:
    """The gateway's clock, which a test can put forward."""

    def __init__(self) -> None:
        self.skipped_ms = 0

    def __call__(self) -> int:
        return system_clock() + self.skipped_ms


class Stage:
    """What tests act on: anna, a page on each channel, the API, the customer's receiver."""

    def __init__(self, meta: Meta, http: httpx.AsyncClient, receiver: Receiver, time: Time) -> None:
        self.meta = meta
        self._time = time
        self.acts = Acts(meta)
        self.http = http
        self.receiver = receiver
        self.anna = meta.add_person("anna")
        page = meta.add_page()
        self.assets: dict[str, Asset] = {
            "facebook": page,
            "instagram": meta.add_instagram_account(page=page.id),
            "whatsapp": meta.add_number(),
        }

    async def connect(self, gateway_url: str) -> None:
        """Accounts with their tokens, Meta's webhooks, and an endpoint for everything."""
        for platform, asset in self.assets.items():
            account = {"platform": platform, "page_id": asset.id}
            token = {"access_token": self.meta.token(asset.id).value}
            waba = {"waba_id": asset.waba.id} if platform == "whatsapp" else {}  # type: ignore[union-attr]
            (await self.http.post("/v1/accounts", json=account | token | waba)).raise_for_status()
            await self.meta.subscribe(platform, f"{gateway_url}/webhooks/{platform}", VERIFY_TOKEN)
        created = await self.http.post("/v1/endpoints", json={"url": self.receiver.url})
        self.receiver.secret = created.json()["secret"]

    def skip(self, seconds: int) -> None:
        """Everybody's clocks go forward."""
        self._time.skipped_ms += seconds * 1_000
        self.meta.advance(seconds)

    async def hears(self, platform: str, text: str = "hi") -> dict[str, Any]:
        """Anna writes; the event as the customer receives it."""
        before = len(self.receiver.deliveries)
        await self.acts.sends("anna", self.assets[platform].id, text)
        return await self.event("message.received", after=before)

    async def event(self, name: str, after: int = 0, **facts: Any) -> dict[str, Any]:
        """The first event of that name that has arrived since, or arrives now."""

        def found() -> list[dict[str, Any]]:
            events = [one.event for one in self.receiver.deliveries[after:]]
            return [one for one in events if one["event"] == name and facts.items() <= one.items()]

        await self.receiver.until(lambda _: bool(found()), SOON)
        return found()[0]

    async def send(self, event: dict[str, Any], body: str = "hello", **more: Any) -> httpx.Response:
        """An answer to whom an event is from."""
        wish = {"platform": event["platform"], "page_id": event["page_id"], "to": event["from"]}
        return await self.http.post("/v1/messages", json=wish | {"message": text(body), **more})

    async def until(self, message_id: str, *states: str) -> dict[str, Any]:
        """The message as soon as it is in one of the states; asked whenever something arrives."""
        async with asyncio.timeout(SOON):
            while True:
                count = len(self.receiver.deliveries)
                shown = (await self.http.get(f"/v1/messages/{message_id}")).json()
                if shown["state"] in states:
                    return dict(shown)
                await self.receiver.until(lambda all_, n=count: len(all_) > n, SOON)  # type: ignore[misc]

    async def until_state(self, message_id: str, state: str) -> dict[str, Any]:
        """The same where no event tells of it."""
        async with asyncio.timeout(SOON):
            while (shown := (await self.http.get(f"/v1/messages/{message_id}")).json())["state"] != state:
                pass
        return dict(shown)

    def events(self, name: str) -> list[dict[str, Any]]:
        """All of that name that have arrived."""
        return [one.event for one in self.receiver.deliveries if one.event["event"] == name]

    def said(self, platform: str) -> list[str]:
        """What anna has got from the page, in order."""
        thread = self.meta.threads.of(self.assets[platform], self.anna)
        return [_text(one.content) for one in thread.messages if one.outbound]


def text(body: str) -> dict[str, str]:
    """A text message."""
    return {"type": "text", "body": body}


def _text(content: dict[str, Any]) -> str:
    said = content.get("text")
    return said["body"] if isinstance(said, dict) else str(said)


@asynccontextmanager
async def stage(
    folder: Path, set_up: Callable[[Meta], None] = lambda _: None, **changes: str
) -> AsyncIterator[Stage]:
    """Everything started and connected."""
    meta, time = Meta(seed=7, secret=APP_SECRET), Time()
    set_up(meta)
    async with receiving() as receiver, serving(meta) as graph_url:
        gateway = Gateway(settings(folder, graph_url=graph_url, **changes), clock=time)
        listener = listen("127.0.0.1", 0)
        await gateway.start()
        served = server(gateway, gateway.hang_up)
        answering = asyncio.create_task(served.serve(sockets=[listener]))
        headers = {"authorization": f"Bearer {ADMIN_KEY}"}
        url = url_of(listener)
        try:
            async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=10) as http:
                made = Stage(meta, http, receiver, time)
                await made.connect(url)
                yield made
        finally:
            served.should_exit = True
            await answering
            await gateway.stop()
