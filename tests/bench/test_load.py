import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bench.load import Closed, Open
from bench.sink import Sink
from bench.traffic import Request, Traffic
from tests.patience import SOON

REQUESTS = Traffic("secret", 1_790_000_000_000).requests(200)
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"


@asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[int]:
    """A server that gives these answers in turn; an empty one closes the connection instead."""
    given = 0
    talks = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal given
        talks.add(asyncio.current_task())
        while head := await reader.read(65_536):
            assert head.startswith(b"POST /webhooks/")
            answer = answers[given % len(answers)]
            given += 1
            if not answer:
                break
            writer.write(answer[:20])
            await writer.drain()
            writer.write(answer[20:])
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    async with asyncio.timeout(SOON):
        await asyncio.gather(*filter(None, talks))


async def closed(port: int, requests: list[Request], window: int) -> Closed:
    async with Closed(port, requests, Sink(), window) as load:
        await load.run(seconds=0.5)
    return load


@pytest.mark.anyio
async def test_every_request_is_sent_once_and_its_acceptance_noted() -> None:
    async with answering(OK) as port:
        load = await closed(port, REQUESTS, window=1000)
    assert set(load.accepted) == {request.number for request in REQUESTS}
    assert (len(load.sent), load.refused) == (200, 0)


@pytest.mark.anyio
async def test_answers_other_than_200_are_counted_apart() -> None:
    async with answering(OK, UNAVAILABLE) as port:
        load = await closed(port, REQUESTS, window=1000)
    assert (len(load.accepted), load.refused) == (100, 100)


@pytest.mark.anyio
async def test_a_broken_connection_counts_as_refused() -> None:
    async with answering(*[OK] * 99, b"") as port:
        load = await closed(port, REQUESTS, window=1000)
    assert (len(load.accepted), load.refused) == (198, 2)


@pytest.mark.anyio
async def test_what_is_not_answered_counts_as_refused_when_the_load_ends() -> None:
    async with answering(OK, b"HTTP/1.1 200 OK\r\n") as port, Closed(port, REQUESTS, Sink(), 2) as load:
        load.pump()
        await load.finished(limit_s=0.05)
    assert (len(load.accepted), load.refused) == (1, 1)


@pytest.mark.anyio
async def test_no_more_than_the_window_is_on_its_way_to_the_sink() -> None:
    async with answering(OK) as port:
        load = await closed(port, REQUESTS, window=7)
    assert (len(load.sent), len(load.accepted)) == (7, 7)


@pytest.mark.anyio
async def test_an_open_loop_gives_every_request_its_moment() -> None:
    async with answering(OK) as port, Open(port, REQUESTS, per_second=4000) as load:
        await load.run()
    moments = list(load.due.values())
    assert moments[199] - moments[0] == pytest.approx(199 / 4000)
    assert all(load.accepted[number] >= load.sent[number] >= due for number, due in load.due.items())
    assert len(load.lateness) == 200
