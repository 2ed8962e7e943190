"""Several real processes on one Redis: what one of them takes, the one that has the account sends."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from gateway.simulator import Meta, serving
from tests import servers
from tests.gateways import APP_SECRET
from tests.receivers import Delivery, receiving
from tests.redis_servers import RedisServer
from tests.send.stage import Stage, Time
from tests.servers import free_port, ready

pytestmark = pytest.mark.anyio


class Cast:
    """A stage whose gateway is several processes: the first takes webhooks and the API, the others send."""

    def __init__(self, on: Stage, senders: Sequence["Popen[bytes]"]) -> None:
        self.on = on
        self.senders = senders


@asynccontextmanager
async def cast(folder: Path, store: str, senders: int = 1) -> AsyncIterator[Cast]:
    """Everything started and connected."""
    meta, port = Meta(seed=7, secret=APP_SECRET), free_port()
    async with receiving() as receiver, serving(meta) as graph_url, AsyncExitStack() as stack:
        given = {"store": store, "graph_url": graph_url}
        stack.enter_context(servers.serving(folder, port, "ingest", **given))
        http = await ready(port)
        stack.push_async_callback(http.aclose)
        processes = []
        for _ in range(senders):
            its_port = free_port()
            processes.append(stack.enter_context(servers.serving(folder, its_port, "deliver", **given)))
            await (await ready(its_port)).aclose()
        on = Stage(meta, http, receiver, Time())
        await on.connect(f"http://127.0.0.1:{port}")
        yield Cast(on, processes)


async def test_a_message_that_one_process_takes_is_sent_by_another(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with cast(tmp_path, redis_server.url) as group:
        on = group.on
        received = await on.hears("facebook")
        accepted = (await on.send(received)).json()
        sent = await on.event("message.sent")
        shown = await on.until(accepted["id"], "read")
    assert sent["outgoing"]["id"] == accepted["id"]
    assert sent["conversation_id"] == shown["conversation_id"] == received["conversation_id"]
    assert on.said("facebook") == ["hello"]


async def test_a_reply_in_the_answer_to_a_delivery_is_sent(tmp_path: Path, redis_server: RedisServer) -> None:
    def answered(delivery: Delivery) -> bytes:
        return b'{"reply": "at once"}' if delivery.event["event"] == "message.received" else b""

    async with cast(tmp_path, redis_server.url) as group:
        on = group.on
        on.receiver.answer, on.receiver.content = lambda _: 200, answered
        (endpoint,) = (await on.http.get("/v1/endpoints")).json()["data"]
        (await on.http.patch(f"/v1/endpoints/{endpoint['id']}", json={"replies": True})).raise_for_status()
        for platform in on.assets:
            await on.hears(platform)
            await on.event("message.sent", platform=platform)
    assert [on.said(platform) for platform in on.assets] == [["at once"]] * 3


async def test_when_a_process_dies_the_others_send_from_its_accounts(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with cast(tmp_path, redis_server.url, senders=2) as group:
        on = group.on
        for body in ("before", "after"):
            for platform in on.assets:
                accepted = await on.send(await on.hears(platform), body)
                await on.until(accepted.json()["id"], "sent", "delivered", "read")
            group.senders[0].kill()
    assert [on.said(platform) for platform in on.assets] == [["before", "after"]] * 3
