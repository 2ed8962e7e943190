"""Names to addresses: one lookup at a time per name, a short memory, and whose fault it is."""

import asyncio
import socket
import threading

import pytest

from gateway.deliver.resolver import Resolver, Unresolved, system_lookup

pytestmark = pytest.mark.anyio


class Names:
    """A name server: `answers` holds addresses, or the error that a name gives."""

    def __init__(self, **answers: tuple[str, ...] | int) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.asked_again = threading.Event()

    def __call__(self, host: str) -> tuple[str, ...]:
        if host in self.asked:
            self.asked_again.set()
        self.asked.append(host)
        answer = self.answers[host]
        if isinstance(answer, int):
            raise socket.gaierror(answer, "refused")
        return answer


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def _blame(resolver: Resolver, host: str, limit_s: float = 5) -> bool:
    with pytest.raises(Unresolved) as caught:
        await resolver.resolve(host, limit_s)
    return caught.value.ours


async def test_an_answer_is_remembered_for_a_moment() -> None:
    server, clock = Names(shop=("192.0.2.1",)), Clock()
    resolver = Resolver(server, clock)
    assert resolver.known("shop") is None
    assert await resolver.resolve("shop") == ("192.0.2.1",)
    clock.now += 4
    assert resolver.known("shop") == ("192.0.2.1",)
    assert server.asked == ["shop"]
    await resolver.close()


async def test_an_answer_that_is_not_fresh_is_used_while_it_is_looked_up_again() -> None:
    server, clock = Names(shop=("192.0.2.1",)), Clock()
    resolver = Resolver(server, clock)
    await resolver.resolve("shop")
    server.answers["shop"] = ("192.0.2.2",)
    clock.now += 6
    assert resolver.known("shop") == ("192.0.2.1",)
    assert await asyncio.to_thread(server.asked_again.wait, 5)
    assert await resolver.resolve("shop") == ("192.0.2.2",)
    assert resolver.known("shop") == ("192.0.2.2",)
    await resolver.close()


async def test_an_old_answer_is_worth_nothing() -> None:
    clock = Clock()
    resolver = Resolver(Names(shop=("192.0.2.1",)), clock)
    await resolver.resolve("shop")
    clock.now += 61
    assert resolver.known("shop") is None
    await resolver.close()


async def test_a_name_that_is_gone_is_forgotten_at_once() -> None:
    server, clock = Names(shop=("192.0.2.1",)), Clock()
    resolver = Resolver(server, clock)
    await resolver.resolve("shop")
    server.answers["shop"] = socket.EAI_NONAME
    clock.now += 6
    assert resolver.known("shop") == ("192.0.2.1",)
    assert await _blame(resolver, "shop") is False
    assert resolver.known("shop") is None
    await resolver.close()


async def test_rotated_answers_keep_their_first_order() -> None:
    server, clock = Names(shop=("192.0.2.1", "192.0.2.2")), Clock()
    resolver = Resolver(server, clock)
    await resolver.resolve("shop")
    server.answers["shop"] = ("192.0.2.2", "192.0.2.1")
    assert await resolver.resolve("shop") == ("192.0.2.1", "192.0.2.2")
    await resolver.close()


async def test_a_name_is_looked_up_once_at_a_time() -> None:
    server = Names(shop=("192.0.2.1",))
    resolver = Resolver(server)
    answers = await asyncio.gather(*(resolver.resolve("shop") for _ in range(50)))
    assert answers == [("192.0.2.1",)] * 50
    assert server.asked == ["shop"]
    await resolver.close()


async def test_an_unknown_name_is_the_customers_fault() -> None:
    resolver = Resolver(Names(gone=socket.EAI_NONAME))
    assert await _blame(resolver, "gone") is False
    await resolver.close()


async def test_a_failure_is_ours_until_the_resolver_answers_anything() -> None:
    clock = Clock()
    resolver = Resolver(Names(broken=socket.EAI_AGAIN, shop=("192.0.2.1",)), clock)
    assert await _blame(resolver, "broken") is True
    await resolver.resolve("shop")
    assert await _blame(resolver, "broken") is False
    clock.now += 31
    assert await _blame(resolver, "broken") is True
    await resolver.close()


async def test_no_address_at_all_is_no_such_name() -> None:
    resolver = Resolver(Names(empty=()))
    assert await _blame(resolver, "empty") is False
    await resolver.close()


async def test_a_lookup_that_cannot_be_made_is_our_fault() -> None:
    def lookup(host: str) -> tuple[str, ...]:
        raise RuntimeError("can't start new thread")

    resolver = Resolver(lookup)
    assert await _blame(resolver, "shop") is True
    await resolver.close()


async def test_a_slow_lookup_is_left_in_time() -> None:
    released = threading.Event()

    def lookup(host: str) -> tuple[str, ...]:
        released.wait(30)
        return ("192.0.2.1",)

    resolver = Resolver(lookup)
    assert await _blame(resolver, "slow", 0.05) is True
    released.set()
    assert await resolver.resolve("slow") == ("192.0.2.1",)
    await resolver.close()


def test_the_system_knows_this_machine() -> None:
    assert "127.0.0.1" in system_lookup("localhost") or "::1" in system_lookup("localhost")
