import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.sending import FilePart, Request
from gateway.graph import MAX_ANSWER, Graph, NotAnswered, NotSent
from tests.servers import free_port
from tests.streams import Serve, listening

pytestmark = pytest.mark.anyio
TOKEN = "EAAB-token-of-one-page"


@asynccontextmanager
async def serving(reply: Serve) -> AsyncIterator[Graph]:
    """A client of a server that treats each connection as told."""
    async with listening(reply) as port, Graph(f"http://127.0.0.1:{port}", "v25.0") as graph:
        yield graph


class Meta:
    """Answers everything with the same bytes, and keeps what it was asked."""

    def __init__(self, body: bytes = b"{}", status: bytes = b"200 OK") -> None:
        self._answer = b"HTTP/1.1 %b\r\nX-App-Usage: {}\r\ncontent-length: %d\r\n\r\n%b" % (
            status,
            len(body),
            body,
        )
        self.asked = b""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        self.asked = head + await reader.readexactly(int(length or b"0"))
        writer.write(self._answer)
        await writer.drain()


def send(**changes: object) -> Request:
    given = {"method": "POST", "host": "graph.facebook.com", "path": "/1001/messages", "json": {"a": 1}}
    return Request(**(given | changes))  # type: ignore[arg-type]


async def test_a_token_that_no_platform_would_make_is_sent_to_be_refused() -> None:
    meta = Meta(b'{"error":{"code":190}}', b"401 Unauthorized")
    async with serving(meta) as graph:
        answer = await graph.call(send(), "not-å-tökén")
    assert answer.status == 401
    assert "Bearer not-å-tökén".encode() in meta.asked


async def test_a_request_carries_version_and_body_and_the_token_in_a_header_only() -> None:
    meta = Meta()
    async with serving(meta) as graph:
        await graph.call(send(query={"fields": "name"}), TOKEN)
    first_line = meta.asked.partition(b"\r\n")[0]
    assert first_line == b"POST /v25.0/1001/messages?fields=name HTTP/1.1"
    assert b"authorization: bearer " + TOKEN.lower().encode() in meta.asked.lower()
    assert meta.asked.endswith(b'{"a":1}')


async def test_a_refusal_is_an_answer() -> None:
    async with serving(Meta(b'{"error":{}}', b"400 Bad Request")) as graph:
        answer = await graph.call(send(), TOKEN)
    assert (answer.status, answer.body, answer.headers["x-app-usage"]) == (400, b'{"error":{}}', "{}")


async def test_a_file_goes_as_a_part_beside_the_text_parts() -> None:
    meta, part = Meta(), FilePart(field="file", filename="cat.png", mime_type="image/png")
    async with serving(meta) as graph:
        await graph.call(send(json=None, form={"type": "image/png"}, file=part), TOKEN, b"PNG-bytes")
    assert b'name="type"\r\n\r\nimage/png' in meta.asked
    assert b'name="file"; filename="cat.png"\r\nContent-Type: image/png\r\n\r\nPNG-bytes' in meta.asked


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with Graph(f"http://127.0.0.1:{free_port()}", "v25.0") as graph:
        with pytest.raises(NotSent):
            await graph.call(send(), TOKEN)


async def test_a_connection_that_ends_before_the_answer_leaves_it_open_what_was_done() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with serving(hang_up) as graph:
        with pytest.raises(NotAnswered) as caught:
            await graph.call(send(), TOKEN)
    assert TOKEN not in str(caught.value)


async def test_an_answer_without_end_is_cut_off() -> None:
    async with serving(Meta(b"x" * (MAX_ANSWER + 1))) as graph:
        with pytest.raises(NotAnswered):
            await graph.call(send(), TOKEN)
