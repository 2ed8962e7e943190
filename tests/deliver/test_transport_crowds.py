"""Many exchanges at once: each ends once, and none waits for another."""

import asyncio
import random
from typing import Any

import pytest

from gateway.deliver.exchange import Exchange, Request
from tests.deliver.hostile import OK, Connection, Recorder, always, exchange, hang, sending, serving
from tests.patience import SOON

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": request.param}


async def _hangs(_: Connection) -> None:
    await hang()


async def test_many_exchanges_at_once_end_once_each() -> None:
    ends: list[int] = []
    over = asyncio.Event()

    def end(number: int) -> None:
        ends.append(number)
        if len(ends) == 500:
            over.set()

    async with serving(always(OK)) as url, sending() as transport:
        for number in range(500):
            request = Request(url=url, headers=(), body=b"x", timeout_ms=10_000)
            transport.send(request, lambda _, number=number: end(number))  # type: ignore[misc]
        async with asyncio.timeout(SOON):
            await over.wait()
    assert sorted(ends) == list(range(500))


async def test_hundreds_of_hanging_receivers_do_not_delay_the_others() -> None:
    async with serving(_hangs) as dead, serving(always(OK)) as alive, sending() as transport:
        stuck = [asyncio.create_task(exchange(transport, dead, timeout_ms=60_000)) for _ in range(300)]
        served = await asyncio.gather(*(exchange(transport, alive, timeout_ms=60_000) for _ in range(100)))
        assert not any(task.done() for task in stuck)
        assert all(result.status == 200 for result in served)
    assert {result.error for result in await asyncio.gather(*stuck)} == {"internal"}


async def test_hundreds_of_hanging_receivers_end_with_their_deadlines() -> None:
    async with serving(_hangs) as dead, sending() as transport:
        late = await asyncio.gather(*(exchange(transport, dead, timeout_ms=500) for _ in range(300)))
        assert {result.error for result in late} == {"timeout"}


async def test_hanging_receivers_cost_the_others_no_connection() -> None:
    recorder = Recorder()
    async with serving(_hangs) as dead, serving(recorder) as alive, sending() as transport:
        stuck = Request(url=dead, headers=(), body=b"", timeout_ms=30_000)
        for _ in range(300):
            transport.send(stuck, lambda _: None)
        for _ in range(20):
            await exchange(transport, alive)
    assert (len(recorder.requests), recorder.connections) == (20, 1)


class Moody:
    """Answers well most of the time, and in every other way now and then."""

    def __init__(self) -> None:
        self._chance = random.Random(7)  # noqa: S311

    async def __call__(self, connection: Connection) -> None:
        moods = (self._hang, self._reset, self._half, self._junk, self._much, self._last)
        while True:
            await connection.request()
            if self._chance.random() < 0.8:
                await connection.write(OK)
            else:
                await self._chance.choice(moods)(connection)

    async def _hang(self, _: Connection) -> None:
        await hang()

    async def _reset(self, connection: Connection) -> None:
        connection.reset()

    async def _half(self, connection: Connection) -> None:
        await connection.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
        connection.reset()

    async def _junk(self, connection: Connection) -> None:
        await connection.write(b"junk\r\n")
        connection.reset()

    async def _much(self, connection: Connection) -> None:
        await connection.write(b"HTTP/1.1 500 Oops\r\ncontent-length: 40000\r\n\r\n" + b"x" * 40_000)

    async def _last(self, connection: Connection) -> None:
        await connection.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        connection.reset()


async def test_moody_receivers_get_every_request_over_with() -> None:
    async with serving(Moody()) as url, sending() as transport:

        async def some() -> list[Exchange]:
            return [await exchange(transport, url, timeout_ms=1_000) for _ in range(30)]

        results = [result for part in await asyncio.gather(*(some() for _ in range(50))) for result in part]
    assert len(results) == 1_500
    assert {result.error for result in results} == {None, "timeout", "reset"}
    assert {result.status for result in results} == {None, 200, 500}
