"""What goes over the wire and what comes back."""

import asyncio
import os
import resource
import threading
from typing import Any

import pytest

from gateway.deliver.exchange import Exchange, Request
from gateway.deliver.resolver import Resolver
from tests.deliver.hostile import OK, Connection, Recorder, always, exchange, hang, names, sending, serving
from tests.patience import SOON

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": request.param}


async def test_the_body_arrives_as_it_is() -> None:
    recorder = Recorder()
    bodies = [b"", b"\x00\xff not text \r\n\r\n", bytes(range(256)) * 8_192]
    async with serving(recorder) as url, sending() as transport:
        for body in bodies:
            assert (await exchange(transport, url, body=body)).status == 200
    assert [request.partition(b"\r\n\r\n")[2] for request in recorder.requests] == bodies
    assert b"expect" not in recorder.requests[-1].partition(b"\r\n\r\n")[0].lower()


async def test_the_request_is_what_was_asked_for_and_a_fragment_stays_here() -> None:
    recorder = Recorder()
    headers = (("content-type", "application/json"), ("webhook-id", "evt_1"), ("x-name", "Zoë"))
    async with serving(recorder) as url, sending() as transport:
        await exchange(transport, f"{url}/a%20b?x=1&y=%2F#part", headers=headers)
    head = recorder.requests[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert head[0] == b"POST /hook/a%20b?x=1&y=%2F HTTP/1.1"
    assert b"webhook-id: evt_1" in head
    assert "x-name: Zoë".encode() in head
    assert not any(line.lower().startswith((b"authorization", b"cookie", b"user-agent")) for line in head)


async def test_the_answer_comes_back_with_the_headers_that_matter() -> None:
    answer = (
        b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
        b"HTTP/1.1 429 Slow Down\r\nRetry-After:  120 \r\nWebhook-Delivery: abort\r\n"
        b"Server: nginx\r\nSet-Cookie: a=b\r\nContent-Length: 5\r\n\r\nlater"
    )
    async with serving(always(answer)) as url, sending() as transport:
        result = await exchange(transport, url)
    assert (result.status, result.error, result.body) == (429, None, b"later")
    assert result.headers == {"retry-after": "120", "webhook-delivery": "abort", "server": "nginx"}


async def test_an_http_1_0_receiver_is_understood() -> None:
    async def answer(connection: Connection) -> None:
        await connection.request()
        await connection.write(b"HTTP/1.0 200 OK\r\n\r\nold but fine")

    async with serving(answer) as url, sending() as transport:
        result = await exchange(transport, url)
    assert (result.status, result.error, result.body) == (200, None, b"old but fine")


async def test_a_connection_serves_request_after_request() -> None:
    recorder = Recorder()
    async with serving(recorder) as url, sending() as transport:
        for _ in range(20):
            await exchange(transport, url)
    assert (len(recorder.requests), recorder.connections) == (20, 1)


async def test_proxies_in_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    async with serving(always(OK)) as url, sending() as transport:
        assert (await exchange(transport, url)).status == 200


async def test_a_url_that_cannot_be_read_is_answered_not_raised() -> None:
    async with sending() as transport:
        result = await exchange(transport, "gopher://127.0.0.1/")
    assert (result.error, result.detail) == ("blocked_address", "A URL begins with http:// or https://.")


async def test_no_free_descriptor_is_our_fault() -> None:
    async with serving(always(OK)) as url, sending() as transport:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            result = await exchange(transport, url)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert (result.error, result.status) == ("internal", None)
        assert (await exchange(transport, url)).status == 200


async def test_close_breaks_off_what_hangs_and_says_so_once() -> None:
    ends: list[Exchange] = []
    reached, released = asyncio.Event(), threading.Event()

    async def answer(connection: Connection) -> None:
        await connection.request()
        reached.set()
        await hang()

    def lookup(host: str) -> tuple[str, ...]:
        released.wait(SOON)
        return ("127.0.0.1",)

    async with serving(answer) as url, sending(Resolver(lookup)) as transport:
        for target in (url, "http://slow.example/"):
            transport.send(Request(url=target, headers=(), body=b"", timeout_ms=5_000), ends.append)
        async with asyncio.timeout(SOON):
            await reached.wait()
        transport.send(Request(url=url, headers=(), body=b"", timeout_ms=5_000), ends.append)
    released.set()
    assert [end.error for end in ends] == ["internal"] * 3


async def test_closing_at_once_loses_nobody_and_later_requests_are_answered() -> None:
    ends: list[Exchange] = []
    async with sending(names({"shop.example": ["127.0.0.1"]})) as transport:
        for url in ("http://shop.example/", "http://127.0.0.1:1/"):
            transport.send(Request(url=url, headers=(), body=b"", timeout_ms=5_000), ends.append)
    assert [end.error for end in ends] == ["internal"] * 2
    assert (await exchange(transport, "http://shop.example/")).error == "internal"


async def test_a_request_whose_time_is_up_before_it_is_sent_is_our_fault() -> None:
    recorder = Recorder()
    async with serving(recorder) as url, sending() as transport:
        result = await exchange(transport, url, timeout_ms=0)
    assert (result.error, recorder.connections) == ("internal", 0)


async def test_a_request_that_cannot_be_written_is_our_fault_and_harms_no_other() -> None:
    async with serving(always(OK)) as url, sending() as transport:
        broken = await exchange(transport, url, headers=(("x-name", "\ud800"),))
        assert (broken.status, broken.error) == (None, "internal")
        assert (await exchange(transport, url)).status == 200


async def test_a_handler_that_fails_takes_no_other_answer_with_it() -> None:
    reports: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, report: reports.append(report))

    def fail(_: Exchange) -> None:
        raise ZeroDivisionError

    async with serving(always(OK)) as url, sending() as transport:
        transport.send(Request(url=url, headers=(), body=b"", timeout_ms=5_000), fail)
        assert (await exchange(transport, url)).status == 200
        assert (await exchange(transport, url)).status == 200
    assert isinstance(reports[0]["exception"], ZeroDivisionError)


async def test_closing_leaves_no_descriptor_behind() -> None:
    before = len(os.listdir("/dev/fd"))
    async with serving(always(OK)) as url, sending() as transport:
        await asyncio.gather(*(exchange(transport, url) for _ in range(50)))
        assert len(os.listdir("/dev/fd")) > before
    assert len(os.listdir("/dev/fd")) <= before + 1
