"""What was judged is what is connected to, and TLS speaks to the name."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from gateway.deliver.guard import Guard
from gateway.downloads import Downloads, NotFetched
from gateway.vetted import Forbidden, Vetted
from tests.deliver.certificates import Authority
from tests.streams import listening

pytestmark = pytest.mark.anyio

HOST = "scontent.xx.fbcdn.net"
LOOPBACK = (ip_network("127.0.0.0/8"),)
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class Names:
    """A resolver whose answers change: each look-up gives the next one."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    def __call__(self, host: str) -> tuple[str, ...]:
        self.asked.append(host)
        return tuple(self._answers.pop(0))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@asynccontextmanager
async def serving(answer: bytes = OK, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that says the same to everybody."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(answer)

    async with listening(serve, tls=tls) as port:
        yield port


@asynccontextmanager
async def client(names: Names, bundle: Path, *, allowed: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    guard = Guard(LOOPBACK if allowed else ())
    trust = ssl.create_default_context(cafile=bundle)
    async with httpx.AsyncClient(transport=Vetted(guard, names, trust=trust)) as made:
        yield made


async def test_a_name_is_asked_once_and_its_answer_is_connected_to(authority: Authority) -> None:
    names, asked = Names(["127.0.0.1"], ["10.0.0.1"]), list[str | None]()
    tls = authority.context(HOST)
    tls.sni_callback = lambda _, name, __: asked.append(name)
    async with serving(tls=tls) as port, client(names, authority.bundle) as http:
        answer = await http.get(f"https://{HOST}:{port}/")
    assert (answer.status_code, names.asked, asked) == (200, [HOST], [HOST])


async def test_the_certificate_must_be_the_names(authority: Authority) -> None:
    tls, names = authority.context("other.example"), Names(["127.0.0.1"])
    async with serving(tls=tls) as port, client(names, authority.bundle) as http:
        with pytest.raises(httpx.TransportError):
            await http.get(f"https://{HOST}:{port}/")


async def test_another_name_at_the_same_address_is_another_connection(authority: Authority) -> None:
    tls, names = authority.context(HOST), Names(["127.0.0.1"], ["127.0.0.1"])
    async with serving(tls=tls) as port, client(names, authority.bundle) as http:
        assert (await http.get(f"https://{HOST}:{port}/")).status_code == 200
        with pytest.raises(httpx.TransportError):
            await http.get(f"https://lookaside.fbsbx.com:{port}/")


@pytest.mark.parametrize("answer", [["10.0.0.1"], ["127.0.0.1"], ["203.0.113.9", "169.254.169.254"]])
async def test_one_forbidden_address_is_enough_and_none_is_connected_to(
    authority: Authority, answer: list[str]
) -> None:
    tls, names = authority.context(HOST), Names(answer)
    async with serving(tls=tls) as port, client(names, authority.bundle, allowed=False) as http:
        with pytest.raises(Forbidden):
            await http.get(f"https://{HOST}:{port}/")


async def test_the_next_address_is_tried_where_one_does_not_answer(authority: Authority) -> None:
    tls, names = authority.context(HOST), Names(["127.0.0.2", "127.0.0.1"])
    async with serving(tls=tls) as port, client(names, authority.bundle) as http:
        assert (await http.get(f"https://{HOST}:{port}/")).status_code == 200


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        (f"https://{HOST}/a", ["127.0.0.1", HOST]),
        ("https://attacker.example/a", ["127.0.0.1"]),
        ("http://169.254.169.254/", ["127.0.0.1"]),
    ],
)
async def test_every_redirect_is_judged_by_its_name_and_its_address(target: str, asked: list[str]) -> None:
    moved = f"HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n".encode()
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    async with serving(moved) as port, Downloads(f"http://127.0.0.1:{port}", (), names) as downloads:
        with pytest.raises(NotFetched) as refused:
            await downloads.fetch(f"http://127.0.0.1:{port}/a", "token", None)
    assert (refused.value.reason, names.asked) == ("not_metas", asked)


async def test_a_name_without_an_address_is_one_that_does_not_answer() -> None:
    async with Downloads("https://graph.facebook.com", (), Names([])) as downloads:
        with pytest.raises(NotFetched) as failed:
            await downloads.fetch(f"https://{HOST}/a", None, None)
    assert failed.value.reason == "unreachable"
