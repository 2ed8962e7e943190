"""Meta's Graph API over HTTP: the one place that speaks to it.

A request and its meaning are pure and live in `adapters`; here it gets the account's token, the API's
version, and goes out. The token travels in a header, never in a URL, which servers and proxies log.
"""

from collections.abc import Mapping
from typing import Self

import httpx
from msgspec import Struct

from adapters.sending import Request

META_URL = "https://graph.facebook.com"
"""Where `GATEWAY_GRAPH_URL` points by default; each request's own host holds then."""
MAX_ANSWER = 4 * 1024 * 1024
"""More than any answer of the API; what is longer is not one."""
_TIMEOUT = httpx.Timeout(connect=5, read=30, write=30, pool=5)
# Meta closes idle connections; one that is about to be closed could swallow a request.
_LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=15)


class NotSent(Exception):
    """Nothing was written: no connection could be had. The request can be made again."""


class NotAnswered(Exception):
    """The request was written, at least in part, and no whole answer came: it may have been done."""


class Answer(Struct, frozen=True, kw_only=True):
    """What the API said. A refusal is an answer too."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


class Graph:
    """A client for all accounts; connections are shared, tokens are given with each request."""

    def __init__(self, url: str, version: str) -> None:
        """`url`: Meta's own, or a server that stands in for all of its hosts."""
        self._url = url
        self._version = version
        # trust_env=False: a proxy in the environment must not see tokens.
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, limits=_LIMITS, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()

    async def call(self, request: Request, token: str, content: bytes = b"") -> Answer:
        """Make a request; `content` are the bytes of its file part. Raises NotSent, NotAnswered."""
        try:
            async with self._client.stream(
                request.method,
                self._address(request),
                params=request.query,
                # As bytes: whatever was typed as a token goes out, and is refused by who knows tokens.
                headers={b"authorization": f"Bearer {token}".encode()},
                json=request.json,
                data=request.form,
                files=_files(request, content),
            ) as response:
                return await _answer(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSent(_sentence(error)) from None
        except httpx.HTTPError as error:
            raise NotAnswered(_sentence(error)) from None

    def _address(self, request: Request) -> str:
        base = f"https://{request.host}" if self._url == META_URL else self._url
        return f"{base}/{self._version}{request.path}"


def _files(request: Request, content: bytes) -> dict[str, tuple[str, bytes, str]] | None:
    part = request.file
    return None if part is None else {part.field: (part.filename, content, part.mime_type)}


async def _answer(response: httpx.Response) -> Answer:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > MAX_ANSWER:
            raise NotAnswered(f"an answer of more than {MAX_ANSWER} bytes")
    return Answer(status=response.status_code, headers=dict(response.headers), body=bytes(body))


def _sentence(error: Exception) -> str:
    """What went wrong, without the request: its headers hold the token."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
