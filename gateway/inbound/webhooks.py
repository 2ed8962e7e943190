"""The webhook endpoint: read, verify, decode, take in, and only then 200.

A bare ASGI application in front of the API's framework, because every message of every page comes
through here. The path chooses the secrets (`/webhooks/{platform}` or `/webhooks/{platform}/{app_id}`),
`object` in the body chooses the adapter. Nothing is decoded before the signature holds.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from adapters import ADAPTERS
from adapters.base import Adapter, Decoded, Inbound, Quarantined, Refused, Secrets
from adapters.dialects import decode
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.inbound import answers
from gateway.inbound.answers import Receive, Scope, Send
from gateway.inbound.intake import Intake
from gateway.inbound.refusals import Refusals
from gateway.log import line, logger
from gateway.store.base import IntakeStopped, StoreUnavailable

PREFIX = "/webhooks/"
MAX_BODY = 4 * 1024 * 1024
LARGE_BODY = 256 * 1024
"""Larger ones are decoded beside the event loop: thousands of items take it seconds."""


class Gate(msgspec.Struct, frozen=True):
    """What a path stands for: whose dialect, whose secrets."""

    adapter: Adapter
    secrets: Secrets
    app_id: str | None


class TooLarge(Exception):
    """The body is over the limit; the rest of it was not read."""


class ClientGone(Exception):
    """The sender hung up in the middle of its body."""


class Webhooks:
    """`GET` answers handshakes, `POST` takes events in."""

    def __init__(
        self, secrets: Secrets, directory: Directory, intake: Intake, refusals: Refusals, clock: Clock
    ) -> None:
        self._secrets = secrets
        self._directory = directory
        self._intake = intake
        self._refusals = refusals
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gate = self._gate(scope["path"])
        if gate is None:
            self._refuse(scope, "unknown_path")
            await answers.answer(send, 404, answers.NOT_FOUND)
        elif scope["method"] == "POST":
            await self._post(gate, scope, receive, send)
        elif scope["method"] == "GET":
            await self._handshake(gate, scope, send)
        else:
            await answers.answer(send, 405, answers.NOT_ALLOWED, (b"allow", b"GET, POST"))

    def _gate(self, path: str) -> Gate | None:
        platform, _, app_id = path[len(PREFIX) :].partition("/")
        adapter = ADAPTERS.get(platform)
        if adapter is None:
            return None
        if not app_id:
            return Gate(adapter, self._secrets, None)
        app = self._directory.apps.get(app_id)
        if app is None:
            return None
        return Gate(adapter, Secrets(app_secrets=app.app_secrets, verify_token=app.verify_token), app_id)

    def _refuse(self, scope: Scope, reason: str) -> None:
        self._refusals.add(self._clock(), scope["path"], reason)
        logger.info(line("refused", path=scope["path"][:200], reason=reason))

    async def _handshake(self, gate: Gate, scope: Scope, send: Send) -> None:
        try:
            challenge = gate.adapter.challenge(scope["query_string"], gate.secrets)
        except Refused as refused:
            self._refuse(scope, refused.reason)
            await answers.answer(send, 403, answers.WRONG_TOKEN)
        else:
            await answers.answer(send, 200, challenge)

    async def _post(self, gate: Gate, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            inbound = Inbound(await _read(scope, receive), scope["headers"])
            gate.adapter.verify(inbound, gate.secrets)
            await self._intake.take(gate.adapter.NAME, gate.app_id, await _elements(inbound, gate.adapter))
        except Refused as refused:
            self._refuse(scope, refused.reason)
            await answers.answer(send, 401, answers.REFUSED)
        except TooLarge:
            self._refuse(scope, "too_large")
            await answers.answer(send, 413, answers.TOO_LARGE, (b"connection", b"close"))
        except StoreUnavailable as error:
            # A full disk is logged once, not for each request: the log may lie on the same disk.
            if not isinstance(error, IntakeStopped):
                logger.error(line("not stored", path=scope["path"], error=error))
            await answers.answer(send, 503, answers.UNAVAILABLE, (b"retry-after", b"5"))
        except ClientGone:
            self._refuse(scope, "incomplete_body")
        else:
            await answers.taken(send)


async def _read(scope: Scope, receive: Receive) -> bytes:
    """The whole body. Raises TooLarge as soon as it is certain, ClientGone if it never ends."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > MAX_BODY:
            raise TooLarge
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body") and message["type"] == "http.request" and len(body) <= MAX_BODY:
        return body
    return await _read_on(body, message["type"], receive)


async def _read_on(begun: bytes, kind: str, receive: Receive) -> bytes:
    body = bytearray(begun)
    more = True
    while more and kind == "http.request" and len(body) <= MAX_BODY:
        message = await receive()
        kind = message["type"]
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if len(body) > MAX_BODY:
        raise TooLarge
    if kind != "http.request":
        raise ClientGone
    return bytes(body)


async def _elements(inbound: Inbound, by_path: Adapter) -> Sequence[Decoded | Quarantined]:
    if len(inbound.body) > LARGE_BODY:
        return await asyncio.to_thread(_decode, inbound, by_path)
    return _decode(inbound, by_path)


def _decode(inbound: Inbound, by_path: Adapter) -> Sequence[Decoded | Quarantined]:
    """Every element; the whole body as one that is quarantined where a fault of ours prevents that."""
    try:
        return decode(inbound, by_path)
    except Exception:
        # What Meta has signed must not be refused for a mistake of ours: it would be sent for days and lost.
        logger.exception(line("not decoded", platform=by_path.NAME, bytes=len(inbound.body)))
        return [Quarantined(reason="not_decoded", pointer="", body=inbound.body)]
