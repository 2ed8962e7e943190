"""ID matching: a person's id with the business's apps from their id with a Page, and the other way round.

Messenger only, between apps and Pages of one business, and for people who have used both. Every request is
proved with the app's secret (`appsecret_proof`). Meta, "Facebook Login: ID Matching".
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from adapters.base import Identity
from adapters.credentials import facts_request, facts_result, proven
from adapters.facebook import NAME
from adapters.facebook.matching import ids_for_apps, ids_for_pages, matches
from adapters.sending import Request, SendError
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.graph import Answer, Graph, NotAnswered, NotSent
from gateway.log import line, logger
from gateway.store.base import Store
from gateway.store.contact import KnownContact
from gateway.store.contacts import Unmergeable

RETRY_MS = 3_600_000
"""How often it is tried again to find who is behind an id that an erasure waits for."""
_PAGES = 100
"""Pages of one answer that are read; most of them are empty. A list that goes on has lost its way."""


class _Later(Exception):
    """The platform could not be asked, or has no time; another time it has."""


class Matching:
    """Asks and stores what comes of it as identities."""

    def __init__(
        self, store: Store, directory: Directory, graph: Graph, secrets: Sequence[str], clock: Clock
    ) -> None:
        """`secrets`: of the app that accounts without an app of their own belong to."""
        self._store = store
        self._directory = directory
        self._graph = graph
        self._secrets = secrets
        self._clock = clock
        self._tried: dict[Identity, int] = {}
        self._due_at = 0

    async def find_apps(self, contact: KnownContact) -> None:
        """The person's ids with the business's apps, for each of their PSIDs of a page with a token."""
        for one in contact.identities:
            account = self._directory.account(contact.platform, one.scope)
            if one.kind != "psid" or account is None or account.access_token is None:
                continue
            secret = self._secret(account.app_id)
            asked = partial(_of_apps, one.value)
            for identity in await self._found(account.access_token, secret, asked):
                await self._link(contact.id, identity)

    async def _found(
        self, token: str, secret: str, request: Callable[[str | None], Request]
    ) -> list[Identity]:
        try:
            return await self._ask("asid", token, secret, request)
        except _Later:
            return []

    async def find_pages(self, asid: Identity) -> tuple[Identity, ...] | None:
        """The PSIDs, on the business's Pages, of whom an app knows so. None: Meta cannot be asked now."""
        return await self.others(NAME, asid)

    def seek(self, platform: str) -> bool:
        """Let the next `advance` look for those who wait; whether anybody is looked for on the platform."""
        self._due_at = 0
        return platform == NAME

    def due(self) -> None:
        """Let the next `advance` try everything."""
        self._tried.clear()
        self._due_at = 0

    async def advance(self) -> None:
        """Look for the people that erasures wait for, now and then. Raises StoreUnavailable."""
        now = self._clock()
        if now < self._due_at:
            return
        self._due_at = now + RETRY_MS // 60
        for platform, asid in await self._store.people.parked():
            if platform == NAME and self._tried.get(asid, 0) <= now:
                self._tried[asid] = now + RETRY_MS
                others = await self.others(platform, asid)
                await self._store.people.resolve_parked(platform, asid, others)

    async def others(self, platform: str, asid: Identity) -> tuple[Identity, ...] | None:
        """The person's ids with all Pages of the app's business, which may be none.

        None: the platform could not be asked; later it can. What it refuses to tell is no answer that gets
        any better.
        """
        found: list[Identity] = []
        try:
            for app_id, secret in await self._apps(asid.scope) if platform == NAME else ():
                token = f"{app_id}|{secret}"
                found += await self._ask("psid", token, secret, partial(_of_pages, asid.value))
        except _Later:
            return None
        return tuple(dict.fromkeys(found))

    async def _apps(self, app_id: str) -> list[tuple[str, str]]:
        """Ids and secrets of the apps that a scope means. Raises _Later.

        The app of the settings has no id there, but the tokens of its Pages know it. Its secrets may be
        several: Meta tells nobody anything who comes with another app's. An app that is neither is not ours.
        """
        app = self._directory.apps.get(app_id)
        if app is not None:
            return [(app.id, app.app_secrets[0])]
        accounts = self._directory.accounts.values()
        tokens = {one.access_token for one in accounts if one.platform == NAME and one.app_id is None}
        ids = {await self._app_of(token) for token in tokens if token is not None}
        meant = sorted(one for one in ids if one is not None and app_id in ("", one))
        return [(one, secret) for one in meant for secret in self._secrets]

    async def _app_of(self, token: str) -> str | None:
        """The id of the app that a token was made for. Raises _Later."""
        answer = await self._call(facts_request(token), token)
        facts = facts_result(answer.status, answer.headers, answer.body)
        return None if isinstance(facts, SendError) else facts.app_id

    async def _ask(
        self,
        kind: Literal["psid", "asid"],
        token: str,
        secret: str,
        request: Callable[[str | None], Request],
    ) -> list[Identity]:
        """All that is told, over empty pages too. Raises _Later."""
        found: list[Identity] = []
        after: str | None = None
        for _ in range(_PAGES):
            answer = await self._call(proven(request(after), token, secret), token)
            told = matches(answer.status, answer.headers, answer.body, kind)
            if isinstance(told, SendError):
                logger.info(line("no ids matched", kind=kind, code=told.code))
                if told.retryable or told.ambiguous:
                    raise _Later
                break
            found += told.identities
            after = told.after
            if after is None:
                break
        return found

    async def _call(self, request: Request, token: str) -> Answer:
        try:
            return await self._graph.call(request, token)
        except (NotSent, NotAnswered) as error:
            raise _Later from error

    async def _link(self, contact_id: str, identity: Identity) -> None:
        people = self._store.people
        try:
            await people.link(None, contact_id, NAME, identity)
        except Unmergeable:
            logger.info(line("the contact of a matched id is gone", contact=contact_id))
        else:
            await people.resolve_parked(NAME, identity)

    def _secret(self, app_id: str | None) -> str:
        app = self._directory.apps.get(app_id or "")
        return (self._secrets if app is None else app.app_secrets)[0]


def _of_apps(psid: str, after: str | None) -> Request:
    return ids_for_apps(psid, after=after)


def _of_pages(asid: str, after: str | None) -> Request:
    return ids_for_pages(asid, after=after)
