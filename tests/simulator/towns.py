"""A small town for tests: one business on three channels, Anna, a frozen clock, real HTTP both ways."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from gateway.simulator import Acts, Meta, serving
from gateway.simulator.numbers import Number
from gateway.simulator.pages import InstagramAccount, Page
from tests.simulator.callbacks import VERIFY_TOKEN, Callback, listening

TRUST = ssl.create_default_context()
NOON = 1_764_000_000_000


class Town:
    """What tests act on."""

    def __init__(self, meta: Meta, callback: Callback, url: str) -> None:
        self.meta = meta
        self.acts = Acts(meta)
        self.callback = callback
        self.url = url
        self.page: Page = meta.add_page()
        self.account: InstagramAccount = meta.add_instagram_account()
        self.number: Number = meta.add_number()
        self.anna = meta.add_person("anna")
        self.http = httpx.AsyncClient(base_url=f"{url}/v25.0", trust_env=False, timeout=5, verify=TRUST)

    def token(self, asset: str) -> dict[str, str]:
        """The header with an asset's token."""
        return {"authorization": f"Bearer {self.meta.token(asset).value}"}

    async def post(self, asset: str, body: Any, edge: str = "messages") -> httpx.Response:
        """A POST to an edge of an asset, with its own token."""
        return await self.http.post(f"/{asset}/{edge}", json=body, headers=self.token(asset))

    async def get(self, asset: str, path: str, **query: str) -> httpx.Response:
        """A GET with the token of an asset."""
        return await self.http.get(f"/{path}", params=query, headers=self.token(asset))

    def psid(self) -> str:
        """Anna on the Page."""
        return self.meta.people.id_on(self.anna, self.page)

    def igsid(self) -> str:
        """Anna on the Instagram account."""
        return self.meta.people.id_on(self.anna, self.account)

    async def write(self, text: str = "hi", **more: Any) -> httpx.Response:
        """The Page writes to Anna."""
        return await self.post(
            self.page.id, {"recipient": {"id": self.psid()}, "message": {"text": text}} | more
        )

    async def whatsapp(self, **body: Any) -> httpx.Response:
        """The number writes to Anna."""
        given = {
            "messaging_product": "whatsapp",
            "to": self.anna.phone,
            "type": "text",
            "text": {"body": "hi"},
        }
        return await self.post(self.number.id, given | body)


@asynccontextmanager
async def town(*, subscribed: bool = True) -> AsyncIterator[Town]:
    """Served, with a callback that hears of everything."""
    meta = Meta(seed=7, clock_source=lambda: NOON)
    async with listening() as callback, serving(meta) as url:
        made = Town(meta, callback, url)
        for platform in ("facebook", "instagram", "whatsapp") if subscribed else ():
            await meta.subscribe(platform, callback.url, VERIFY_TOKEN)
        async with made.http:
            yield made


def error(response: httpx.Response) -> tuple[int, int]:
    """Code and subcode of a refusal, whose envelope must be Graph's."""
    body = response.json()["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= body.keys()
    return body["code"], body.get("error_subcode", 0)
