"""Which address a request goes to: only to one that was vetted for it, however it is named."""

import socket
import threading
from ipaddress import ip_network
from typing import Any

import pytest

from gateway.deliver.resolver import Resolver
from gateway.deliver.transport import Transport
from tests.deliver.hostile import OK, Recorder, always, exchange, names, sending, serving

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": request.param}


async def test_a_private_address_is_refused_without_a_connection() -> None:
    recorder = Recorder()
    async with serving(recorder) as url:
        transport = Transport(())
        await transport.start()
        result = await exchange(transport, url)
        await transport.close()
    assert (result.error, recorder.connections) == ("blocked_address", 0)
    assert "GATEWAY_ALLOW_NETWORKS" in (result.detail or "")


async def test_one_forbidden_address_among_many_is_enough() -> None:
    recorder = Recorder()
    async with (
        serving(recorder) as url,
        sending(names({"two.example": ["127.0.0.1", "10.0.0.1"]})) as transport,
    ):
        result = await exchange(transport, url.replace("127.0.0.1", "two.example"))
    assert (result.error, recorder.connections) == ("blocked_address", 0)
    assert "10.0.0.1" not in (result.detail or "")


async def test_the_host_header_is_the_name_and_the_connection_goes_to_the_vetted_address() -> None:
    recorder = Recorder()
    async with serving(recorder) as url, sending(names({"shop.example": ["127.0.0.1"]})) as transport:
        result = await exchange(transport, url.replace("127.0.0.1", "shop.example"))
    assert result.status == 200
    assert b"\r\nHost: shop.example:" in recorder.requests[0]


async def test_the_next_address_is_tried_if_the_first_does_not_accept() -> None:
    recorder = Recorder()
    resolver = names({"two.example": ["127.0.0.9", "127.0.0.1"]})
    async with serving(recorder) as url, sending(resolver) as transport:
        result = await exchange(transport, url.replace("127.0.0.1", "two.example"))
    assert (result.status, recorder.connections) == (200, 1)


async def test_a_pooled_connection_is_not_used_for_another_address() -> None:
    now, addresses = [0.0], ["127.0.0.1"]
    resolver = Resolver(lambda _: (addresses[-1],), clock=lambda: now[0])
    old, new = Recorder(), Recorder()
    async with serving(old) as url, sending(resolver) as transport:
        port = int(url.rpartition(":")[2].removesuffix("/hook"))
        async with serving(new, host="127.0.0.2", port=port):
            named = url.replace("127.0.0.1", "moved.example")
            await exchange(transport, named)
            addresses.append("127.0.0.2")
            now[0] += 3_600
            await exchange(transport, named)
            addresses.append("127.0.0.1")
            now[0] += 3_600
            await exchange(transport, named)
    assert (len(old.requests), old.connections) == (2, 1)
    assert (len(new.requests), new.connections) == (1, 1)


async def test_a_name_that_turns_to_a_forbidden_address_is_refused_although_a_connection_is_open() -> None:
    now, addresses = [0.0], ["127.0.0.1"]
    recorder = Recorder()
    resolver = Resolver(lambda _: (addresses[-1],), clock=lambda: now[0])
    async with serving(recorder) as url, sending(resolver) as transport:
        named = url.replace("127.0.0.1", "rebound.example")
        assert (await exchange(transport, named)).status == 200
        addresses.append("169.254.169.254")
        now[0] += 3_600
        assert (await exchange(transport, named)).error == "blocked_address"
    assert len(recorder.requests) == 1


async def test_ipv6_receivers_are_reached() -> None:
    try:
        async with serving(always(OK), host="::1") as url, sending() as transport:
            assert (await exchange(transport, url)).status == 200
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


async def test_a_dead_resolver_is_our_fault() -> None:
    def lookup(host: str) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    async with sending(Resolver(lookup)) as transport:
        result = await exchange(transport, "http://shop.example/")
    assert (result.error, result.detail) == ("internal", "The name shop.example could not be resolved.")


async def test_a_lookup_that_hangs_ends_with_the_deadline() -> None:
    released = threading.Event()

    def lookup(host: str) -> tuple[str, ...]:
        released.wait(30)
        return ("127.0.0.1",)

    async with sending(Resolver(lookup)) as transport:
        result = await exchange(transport, "http://slow.example/", timeout_ms=200)
        released.set()
    assert result.error == "internal"
    assert result.duration_ms < 1_000


async def test_networks_are_let_through_one_by_one() -> None:
    async with serving(always(OK)) as url:
        transport = Transport((ip_network("127.0.0.1/32"),))
        await transport.start()
        assert (await exchange(transport, url)).status == 200
        assert (await exchange(transport, "http://127.0.0.2:1/")).error == "blocked_address"
        await transport.close()
