"""A Graph API for tests: real HTTP on loopback, answers by person."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

from tests.streams import listening


class GraphServer:
    """`profiles`: status and JSON by the id in the path; whoever is not there gets `{}`.

    A later page of a list is `<last part of the path> after <cursor>`.
    """

    def __init__(self) -> None:
        self.url = ""
        self.profiles: dict[str, tuple[int, dict[str, Any]]] = {}
        self.asked: list[str] = []
        self.queries: list[str] = []
        self.tokens: set[str] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One keep-alive connection."""
        while head := (await reader.readuntil(b"\r\n\r\n")).decode():
            person = head.split(" ")[1].partition("?")[0].rpartition("/")[2]
            self.asked.append(person)
            query = head.split(" ")[1].partition("?")[2]
            self.queries.append(query)
            after = parse_qs(query).get("after")
            person = f"{person} after {after[0]}" if after else person
            self.tokens |= {line[22:] for line in head.lower().splitlines() if "bearer" in line}
            status, answer = self.profiles.get(person, (200, {}))
            body = json.dumps(answer)
            writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode())
            await writer.drain()


@asynccontextmanager
async def graph_server() -> AsyncIterator[GraphServer]:
    """One on a free port of this machine."""
    graph = GraphServer()
    async with listening(graph.serve) as port:
        graph.url = f"http://127.0.0.1:{port}"
        yield graph
