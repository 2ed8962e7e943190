"""Media from Meta's own hosts, streamed. Nothing else is ever fetched: an event's URL is only a claim.

A host must be Meta's by its name, over TLS, so that its certificate proves it; its addresses must be ones
that the network guard lets through, and those that were judged are connected to. Redirects are judged in the
same way, one by one. The account's token goes only to the hosts that need it.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Literal, Self
from urllib.parse import urlsplit

import httpx

from gateway.deliver.addresses import Network
from gateway.deliver.guard import Guard
from gateway.deliver.resolver import Lookup, system_lookup
from gateway.graph import META_URL
from gateway.vetted import Forbidden, Vetted

LARGEST = 128 * 1024 * 1024
"""Bytes; WhatsApp allows 100 MiB, the others less."""
META_HOSTS = (".fbcdn.net", ".fbsbx.com", ".cdninstagram.com", ".whatsapp.net")
TOKEN_HOSTS = frozenset({"lookaside.fbsbx.com", "graph.facebook.com", "graph.instagram.com"})
_HOPS = 3
_TIMEOUT = httpx.Timeout(connect=5, read=30, write=30, pool=5)
_GONE = frozenset({401, 403, 404, 410})
_GOOD = frozenset({200, 206})
_UNSATISFIABLE = 416

Reason = Literal["expired", "not_metas", "unreachable", "too_large", "range"]


class NotFetched(Exception):
    """There are no bytes to be had; the reason says why."""

    def __init__(self, reason: Reason, content_range: str | None = None) -> None:
        """`content_range`: how many bytes there are, beside the reason `range`. RFC 9110, 14.4."""
        super().__init__(reason)
        self.reason = reason
        self.content_range = content_range


class Download:
    """An answer whose bytes are still to come; `close` it."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers: Mapping[str, str] = dict(response.headers)

    async def close(self) -> None:
        """Drop what has not been read."""
        await self._response.aclose()

    async def chunks(self, sha256: str | None) -> AsyncIterator[bytes]:
        """The bytes; with `sha256` (hex) the last ones only if all are right. Raises NotFetched.

        What is wrong or too long thus ends before its announced length, which every client notices.
        """
        digest, size, held = hashlib.sha256(), 0, b""
        try:
            async for chunk in self._response.aiter_raw():
                size += len(chunk)
                if size > LARGEST:
                    raise NotFetched("too_large")
                digest.update(chunk)
                if held:
                    yield held
                held = chunk
            if sha256 is not None and digest.hexdigest() != sha256.lower():
                raise NotFetched("unreachable")
            yield held
        except httpx.HTTPError:
            raise NotFetched("unreachable") from None
        finally:
            await self.close()


class Downloads:
    """Fetches for all accounts."""

    def __init__(
        self, graph_url: str, allow_networks: Sequence[Network], lookup: Lookup = system_lookup
    ) -> None:
        """`graph_url`: where it is not Meta's, the server there stands in for all of Meta's hosts."""
        self._stand_in = None if graph_url == META_URL else _origin(graph_url)
        trusted = None if self._stand_in is None else self._stand_in[1:]
        self._client = httpx.AsyncClient(
            transport=Vetted(Guard(allow_networks), lookup, trusted),
            timeout=_TIMEOUT,
            trust_env=False,
            follow_redirects=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()

    async def fetch(self, url: str, token: str | None, byte_range: str | None) -> Download:
        """Begin to fetch. Raises NotFetched."""
        for _ in range(_HOPS):
            self._vet(url)
            response = await self._get(url, token, byte_range)
            if not response.has_redirect_location:
                return await _judged(response)
            await response.aclose()
            try:
                url = str(response.url.join(response.headers["location"]))
            except (httpx.InvalidURL, ValueError):
                break
        raise NotFetched("unreachable")

    async def _get(self, url: str, token: str | None, byte_range: str | None) -> httpx.Response:
        # As they are: bytes that somebody else compressed would fit neither their length nor their hash.
        headers = {"accept-encoding": "identity"}
        if byte_range is not None:
            headers["range"] = byte_range
        if token is not None and self._takes_token(url):
            headers["authorization"] = f"Bearer {token}"
        try:
            return await self._client.send(
                self._client.build_request("GET", url, headers=headers), stream=True
            )
        except (httpx.HTTPError, httpx.InvalidURL):
            raise NotFetched("unreachable") from None
        except Forbidden:
            raise NotFetched("not_metas") from None

    def _takes_token(self, url: str) -> bool:
        if self._stand_in is not None:
            return _origin(url) == self._stand_in
        return urlsplit(url).hostname in TOKEN_HOSTS

    def _vet(self, url: str) -> None:
        """Raises NotFetched for whatever is not Meta's by its name. Its address is judged as it is known."""
        if self._stand_in is not None and _origin(url) == self._stand_in:
            return
        scheme, host, port = _origin(url)
        if scheme != "https" or port != 443 or not (host in TOKEN_HOSTS or host.endswith(META_HOSTS)):
            raise NotFetched("not_metas")


async def _judged(response: httpx.Response) -> Download:
    if response.status_code in _GOOD and _length(response) <= LARGEST:
        return Download(response)
    await response.aclose()
    if response.status_code in _GOOD:
        raise NotFetched("too_large")
    if response.status_code == _UNSATISFIABLE:
        raise NotFetched("range", response.headers.get("content-range"))
    raise NotFetched("expired" if response.status_code in _GONE else "unreachable")


def _length(response: httpx.Response) -> int:
    said = response.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme, host, port. Raises NotFetched for what is no URL."""
    try:
        parts = urlsplit(url)
        return (parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    except ValueError:
        raise NotFetched("not_metas") from None
