"""Receivers that hang, drip, flood, lie and hang up: each exchange ends in time, with the right words."""

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from gateway.deliver.exchange import BODY_LIMIT, Exchange
from tests.deliver.hostile import (
    OK,
    Answer,
    Connection,
    exchange,
    hang,
    names,
    sending,
    serving,
    tick,
)
from tests.patience import SOON

pytestmark = pytest.mark.anyio
DEADLINE_MS = 300
SLACK_MS = 700
"""A loaded machine; what matters is that it is far from the patience of these receivers, which has no end."""


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": request.param}


async def _met(answer: Answer) -> Exchange:
    """What comes of meeting this receiver."""
    async with serving(answer) as url, sending() as transport:
        began = time.monotonic()
        result = await exchange(transport, url, timeout_ms=DEADLINE_MS)
        took_ms = (time.monotonic() - began) * 1000
    assert took_ms < DEADLINE_MS + SLACK_MS
    assert abs(result.duration_ms - took_ms) < SLACK_MS
    assert len(result.body) <= BODY_LIMIT
    return result


async def _accepts_and_hangs(_: Connection) -> None:
    await hang()


async def _drips_its_body(connection: Connection) -> None:
    await connection.request()
    await connection.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        await connection.write(b"x")
        await tick()


async def _drips_its_headers(connection: Connection) -> None:
    await connection.request()
    await connection.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        await connection.write(b"x")
        await tick()


async def _drips_interim_answers(connection: Connection) -> None:
    await connection.request()
    while True:
        await connection.write(b"HTTP/1.1 102 Processing\r\n\r\n")
        await tick()


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (_accepts_and_hangs, "took the request but did not begin to answer"),
        (_drips_its_body, "began to answer but did not finish"),
        (_drips_its_headers, "began to answer but did not finish"),
        (_drips_interim_answers, "began to answer but did not finish"),
    ],
)
async def test_a_receiver_that_takes_its_time_is_left_at_the_deadline(answer: Answer, detail: str) -> None:
    result = await _met(answer)
    assert result.error == "timeout"
    assert result.detail == f"The receiver {detail} within {DEADLINE_MS} ms."


def _floods(begin: bytes, again: bytes) -> Answer:
    async def answer(connection: Connection) -> None:
        await connection.request()
        await connection.write(begin)
        while True:
            await connection.write(again)

    return answer


@pytest.mark.parametrize(
    ("begin", "again"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"x-filler: " + b"x" * 1000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nx-filler: ", b"x" * 64_000),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n",
            b"x-trailer: " + b"x" * 1000 + b"\r\n",
        ),
    ],
    ids=["endless headers", "one endless header", "interim answers", "trailers"],
)
async def test_headers_without_end_are_too_large(begin: bytes, again: bytes) -> None:
    result = await _met(_floods(begin, again))
    assert (result.error, result.body) == ("too_large", b"")


@pytest.mark.parametrize(
    "begin",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n",
    ],
)
async def test_a_body_without_end_is_cut_and_the_answer_counts(begin: bytes) -> None:
    result = await _met(_floods(begin, b"x" * 64_000))
    assert (result.status, result.error) == (200, None)
    assert result.body == b"x" * BODY_LIMIT


async def test_the_connection_of_a_cut_answer_is_closed() -> None:
    closed = asyncio.Event()

    async def answer(connection: Connection) -> None:
        await connection.request()
        await connection.write(b"HTTP/1.1 500 Oops\r\ncontent-length: 20000\r\n\r\n" + b"x" * 20_000)
        await connection.gone()
        closed.set()

    async with serving(answer) as url, sending() as transport:
        result = await exchange(transport, url)
        async with asyncio.timeout(SOON):
            await closed.wait()
    assert (result.status, result.error, len(result.body)) == (500, None, BODY_LIMIT)


def _says(data: bytes, then: Callable[[Connection], None] = lambda _: None) -> Answer:
    async def answer(connection: Connection) -> None:
        await connection.request()
        await connection.write(data)
        then(connection)

    return answer


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (_says(b""), "The connection was closed before the answer began."),
        (_says(b"", Connection.reset), "The connection was closed before the answer began."),
        (
            _says(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"),
            "The connection was closed before the answer was complete.",
        ),
        (
            _says(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", Connection.reset),
            "The connection was closed before the answer was complete.",
        ),
        (_says(b"\x00\x01\x02 garbage \xff\r\n\r\n"), "The receiver did not answer in HTTP."),
        (_says(b"220 mail.example ESMTP\r\n"), "The receiver did not answer in HTTP."),
    ],
)
async def test_an_answer_that_breaks_off_or_is_none_is_a_reset(answer: Answer, detail: str) -> None:
    result = await _met(answer)
    assert (result.error, result.detail) == ("reset", detail)


async def test_a_redirect_is_a_failure_and_is_not_followed() -> None:
    visits: list[bytes] = []

    async def answer(connection: Connection) -> None:
        visits.append(await connection.request())
        await connection.write(b"HTTP/1.1 307 Elsewhere\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n")
        await connection.gone()

    result = await _met(answer)
    assert (result.status, result.error, len(visits)) == (307, "redirect", 1)


async def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with sending() as transport:
            result = await exchange(transport, f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert (result.status, result.error) == (None, "connect")
    assert "127.0.0.1" not in (result.detail or "")


async def test_a_name_that_does_not_exist() -> None:
    async with sending(names({})) as transport:
        result = await exchange(transport, "http://nowhere.example/")
    assert (result.error, result.detail) == ("dns", "The name nowhere.example does not exist.")


async def test_a_receiver_that_hangs_up_between_requests_costs_nothing() -> None:
    async def answer(connection: Connection) -> None:
        await connection.request()
        await connection.write(OK)

    async with serving(answer) as url, sending() as transport:
        results = [await exchange(transport, url) for _ in range(5)]
    assert [result.status for result in results] == [200] * 5


async def test_a_kept_connection_that_dies_under_the_request_is_replaced_once() -> None:
    requests: list[bytes] = []
    connections = 0

    async def answer(connection: Connection) -> None:
        nonlocal connections
        connections += 1
        requests.append(await connection.request())
        await connection.write(OK)
        requests.append(await connection.request())
        connection.reset()

    async with serving(answer) as url, sending() as transport:
        first = await exchange(transport, url, body=b"1")
        second = await exchange(transport, url, body=b"2")
    assert (first.status, second.status, connections) == (200, 200, 2)
    assert [request[-1:] for request in requests] == [b"1", b"2", b"2"]
