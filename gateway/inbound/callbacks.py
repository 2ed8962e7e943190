"""Meta's privacy callbacks: a person asks for deletion, or has removed the app.

    POST /webhooks/{platform}[/{app_id}]/data-deletion          → {"url", "confirmation_code"}
    GET  /webhooks/{platform}/data-deletion/{confirmation_code} → a page for the person
    POST /webhooks/{platform}[/{app_id}]/deauthorize            → 200

They stand under `/webhooks/` because that is what a proxy lets through to Meta and to everybody.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from urllib.parse import parse_qs

import msgspec

from adapters import ADAPTERS
from adapters.base import Identity, Refused
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.identifiers import new_id
from gateway.inbound import answers
from gateway.inbound.answers import Receive, Scope, Send
from gateway.inbound.body import ClientGone, TooLarge, read
from gateway.inbound.refusals import Refusals
from gateway.inbound.signed_request import LONGEST
from gateway.inbound.signed_request import read as read_signed
from gateway.log import line, logger
from gateway.store.base import Store, StoreUnavailable
from gateway.store.erasure import Erasure, ErasurePlan

DELETION, DEAUTHORIZE = "data-deletion", "deauthorize"
_JSON = (b"content-type", b"application/json")
_HTML = (b"content-type", b"text/html; charset=utf-8")
_NO_STORE = (b"cache-control", b"no-store")
_STATES = {
    "running": "Your data is being deleted.",
    "parked": "Your request is kept: whatever is found to be yours will be deleted.",
    "done": "Your data has been deleted.",
}


Seek = Callable[[str], bool]
"""Have a platform asked soon for the other ids of those whose deletion waits; whether it is ever asked."""


class Callbacks:
    """What people ask for through Meta."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        refusals: Refusals,
        clock: Clock,
        given: tuple[tuple[str, ...], str | None, Seek],
    ) -> None:
        """`given`: the app secrets of the paths without an app, how the world reaches this server, and what
        has the platform asked for people's other ids.
        """
        self._store = store
        self._directory = directory
        self._refusals = refusals
        self._clock = clock
        self._secrets, self._public_url, self._seek = given

    @staticmethod
    def takes(path: str) -> bool:
        """Whether a path under `/webhooks/` is one of these and no webhook."""
        parts = path.split("/")
        return parts[-1] in (DELETION, DEAUTHORIZE) or parts[-2] == DELETION

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        platform, *rest = scope["path"].split("/")[2:]
        try:
            if platform not in ADAPTERS:
                await answers.answer(send, 404, answers.NOT_FOUND)
            elif scope["method"] == "GET" and len(rest) == 2 and rest[0] == DELETION:
                await self._show(rest[1], send)
            elif scope["method"] == "POST" and rest[-1] in (DELETION, DEAUTHORIZE):
                await self._take(platform, rest, scope, receive, send)
            else:
                await answers.answer(send, 405, answers.NOT_ALLOWED, (b"allow", b"GET, POST"))
        except Refused as refused:
            self._refusals.add(self._clock(), scope["path"], refused.reason)
            await answers.answer(send, 401, answers.REFUSED)
        except StoreUnavailable as error:
            logger.error(line("not stored", path=scope["path"], error=error))
            await answers.answer(send, 503, answers.UNAVAILABLE, (b"retry-after", b"5"))
        except (TooLarge, ClientGone):
            await answers.answer(send, 413, answers.TOO_LARGE, (b"connection", b"close"))

    async def _take(self, platform: str, rest: list[str], scope: Scope, receive: Receive, send: Send) -> None:
        app_id = rest[0] if len(rest) == 2 else ""
        app = self._directory.apps.get(app_id)
        if app is None and app_id:
            await answers.answer(send, 404, answers.NOT_FOUND)
            return
        text = _signed_text(await read(scope, receive, LONGEST + 1024))
        request = read_signed(text, self._secrets if app is None else app.app_secrets)
        identity = Identity("asid", request.app_scoped_id, app_id)
        if rest[-1] == DEAUTHORIZE:
            await self._store.people.deauthorize(platform, identity)
            await answers.taken(send)
            return
        # Of the request itself, so that one that Meta sends again is the same erasure. At another path it
        # is another one: the same id means nobody there, or somebody else.
        code = hashlib.sha256(f"{platform}\n{app_id}\n{text}".encode()).hexdigest()[:32]
        await self._erase(platform, identity, code)
        url = f"{self._public_url or _origin(scope)}/webhooks/{platform}/{DELETION}/{code}"
        body = msgspec.json.encode({"url": url, "confirmation_code": code})
        await answers.answer(send, 200, body, _JSON, _NO_STORE)

    async def _erase(self, platform: str, identity: Identity, code: str) -> None:
        """Whoever is known by the id goes at once. To each Page the person has another id: these go when Meta
        has told them, and only then is it over.
        """
        plan = ErasurePlan(platform=platform, identity=identity, searched=not self._seek(platform))
        erasure = Erasure(id=new_id("era"), code=code, state="running", requested_at=self._clock())
        await self._store.people.begin_erasure(erasure, plan)

    async def _show(self, code: str, send: Send) -> None:
        erasure = await self._store.people.erasure(code)
        if erasure is None:
            await answers.answer(send, 404, _page("There is no such request."), _HTML, _NO_STORE)
        else:
            asked = datetime.fromtimestamp(erasure.requested_at / 1000, UTC).date().isoformat()
            sentence = f"{_STATES[erasure.state]} Asked for on {asked}."
            await answers.answer(send, 200, _page(sentence), _HTML, _NO_STORE)


def _signed_text(body: bytes) -> str:
    """The one field of the form. Raises Refused."""
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=10)
    except ValueError:
        raise Refused("no_signature") from None
    return fields.get("signed_request", [""])[0]


def _origin(scope: Scope) -> str:
    host = next((value for name, value in scope["headers"] if name == b"host"), b"localhost")
    return f"{scope['scheme']}://{host.decode('latin-1')}"


def _page(sentence: str) -> bytes:
    title = "Deletion of your data"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{escape(sentence)}</p></html>\n"
    ).encode()
