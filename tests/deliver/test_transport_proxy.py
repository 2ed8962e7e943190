"""Deliveries through the operator's proxy: what it is asked for, and whose fault is whose."""

import logging
from pathlib import Path

import pytest

from gateway.deliver.proxy import Proxy, parse_proxy
from gateway.deliver.transport import Transport
from tests.deliver.certificates import Authority
from tests.deliver.hostile import OK, Connection, Recorder, always, exchange, hang, names, sending, serving
from tests.deliver.proxies import ConnectProxy, proxying

pytestmark = pytest.mark.anyio
NAMES = {
    "shop.example": ["127.0.0.1"],
    "inner.example": ["10.0.0.7"],
    "two.example": ["127.0.0.2", "127.0.0.1"],
}


def to(proxy: ConnectProxy) -> Proxy:
    return parse_proxy(proxy.url.replace("http://", "http://us%40er:p%3Ass@"))


def fault(transport: Transport) -> str | None:
    assert transport.tunnels
    return transport.tunnels.fault


async def test_the_proxy_is_asked_for_the_vetted_address_and_the_receiver_for_the_name() -> None:
    recorder = Recorder()
    async with (
        proxying() as proxy,
        serving(recorder) as url,
        sending(names(NAMES), proxy=to(proxy)) as transport,
    ):
        result = await exchange(transport, url.replace("127.0.0.1", "shop.example"))
    place = url.removeprefix("http://").removesuffix("/hook")
    assert (result.status, result.error, result.headers) == (200, None, {})
    assert proxy.asked_for == [place]
    assert recorder.requests[0].startswith(b"POST /hook HTTP/1.1\r\n")
    assert f"Host: {place.replace('127.0.0.1', 'shop.example')}\r\n".encode() in recorder.requests[0]
    assert b"Proxy-Authorization: Basic dXNAZXI6cDpzcw==" in proxy.heads[0]
    assert b"roxy" not in recorder.requests[0] and b"content-type" not in proxy.heads[0]


async def test_certificate_and_sni_go_by_the_name_inside_the_tunnel(tmp_path: Path) -> None:
    authority, asked = Authority(tmp_path), list[str | None]()
    context = authority.context("shop.example")
    context.sni_callback = lambda _, name, __: asked.append(name)
    async with (
        proxying() as proxy,
        serving(always(OK), tls=context) as url,
        sending(names(NAMES), str(authority.bundle), to(proxy)) as transport,
    ):
        good = await exchange(transport, url.replace("127.0.0.1", "shop.example"))
        bad = await exchange(transport, url)
    assert (good.status, bad.error) == (200, "tls")
    assert asked[0] == "shop.example" and proxy.asked_for[0].startswith("127.0.0.1:")


async def test_a_forbidden_address_is_refused_before_the_proxy_hears_of_it() -> None:
    async with proxying() as proxy, sending(names(NAMES), proxy=to(proxy)) as transport:
        result = await exchange(transport, "http://inner.example/")
    assert (result.error, proxy.heads) == ("blocked_address", [])


async def test_a_tunnel_is_kept_for_the_same_address_and_not_used_for_another() -> None:
    known = {"shop.example": ["127.0.0.1"], "other.example": ["127.0.0.2"]}
    async with (
        proxying() as proxy,
        serving(Recorder(), host="0.0.0.0") as url,  # noqa: S104
        sending(names(known), proxy=to(proxy)) as transport,
    ):
        for name in ("shop.example", "shop.example", "other.example"):
            assert (await exchange(transport, url.replace("0.0.0.0", name))).status == 200  # noqa: S104
    assert [place.partition(":")[0] for place in proxy.asked_for] == ["127.0.0.1", "127.0.0.2"]


@pytest.mark.parametrize("status", [403, 407, 502, 503, 504])
async def test_a_refused_tunnel_is_our_fault(status: int) -> None:
    async with proxying() as proxy, sending(proxy=to(proxy)) as transport:
        proxy.refusal = f"HTTP/1.1 {status} No\r\nRetry-After: 99\r\nContent-Length: 0\r\n\r\n".encode()
        result = await exchange(transport, "http://127.0.0.1:9/")
        assert (result.status, result.error, result.headers) == (None, "internal", {})
        assert fault(transport) == str(status)


async def test_an_unreachable_or_broken_proxy_is_our_fault_and_is_seen_to_come_back() -> None:
    async with (
        proxying() as proxy,
        serving(always(OK)) as url,
        sending(proxy=Proxy(url="http://127.0.0.1:1")) as cut_off,
        sending(proxy=to(proxy)) as transport,
    ):
        assert (await exchange(cut_off, url)).error == "internal"
        assert fault(cut_off) == "unreachable"
        proxy.refusal = b"HTTP/1.1 "
        assert (await exchange(transport, url)).error == "internal"
        assert fault(transport) == "broken"
        proxy.refusal = b""
        assert (await exchange(transport, url)).status == 200
        assert fault(transport) is None


async def test_a_proxy_that_does_not_answer_is_our_fault() -> None:
    async def silent(connection: Connection) -> None:
        await hang()

    async with serving(silent) as url, sending(proxy=Proxy(url=url.removesuffix("/hook"))) as transport:
        result = await exchange(transport, "http://127.0.0.1:9/", timeout_ms=200)
        assert (result.error, fault(transport)) == ("internal", "timeout")


async def test_what_the_receiver_does_inside_the_tunnel_is_the_receivers() -> None:
    async def reset(connection: Connection) -> None:
        await connection.request()
        connection.reset()

    async def silent(connection: Connection) -> None:
        await connection.request()
        await hang()

    failing = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"
    async with proxying() as proxy, sending(proxy=to(proxy)) as transport:
        for answer, expected in (
            (reset, (None, "reset")),
            (silent, (None, "timeout")),
            (always(failing), (502, None)),
        ):
            async with serving(answer) as url:
                result = await exchange(transport, url, timeout_ms=300)
            assert (result.status, result.error) == expected
            assert fault(transport) is None


async def test_the_next_address_is_tried_when_the_proxy_cannot_reach_the_first() -> None:
    async with (
        proxying() as proxy,
        serving(Recorder()) as url,
        sending(names(NAMES), proxy=to(proxy)) as transport,
    ):
        result = await exchange(transport, url.replace("127.0.0.1", "two.example"))
    assert [place.partition(":")[0] for place in proxy.asked_for] == ["127.0.0.2", "127.0.0.1"]
    assert result.status == 200


async def test_the_password_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with sending(proxy=parse_proxy("http://us:hush-hush@127.0.0.1:1")) as transport:
        await exchange(transport, "http://127.0.0.1:9/")
        await exchange(transport, "http://127.0.0.1:9/")
    assert caplog.text.count("egress proxy fails") == 1 and "hush" not in caplog.text
