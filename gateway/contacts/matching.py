"""ID matching: a person's id with the business's apps from their id with a Page, and the other way round.

Messenger only, between apps and Pages of one business, and for people who have used both. Every request is
proved with the app's secret (`appsecret_proof`). Meta, "Facebook Login: ID Matching".
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from msgspec.structs import replace

from adapters._graph.proof import appsecret_proof
from adapters.base import Identity
from adapters.facebook import NAME
from adapters.facebook.matching import ids_for_apps, ids_for_pages, matches
from adapters.sending import Request, SendError
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.graph import Graph, NotAnswered, NotSent
from gateway.log import line, logger
from gateway.store.base import Store
from gateway.store.contact import KnownContact
from gateway.store.contacts import IdentityTaken, Unmergeable

RETRY_MS = 3_600_000
"""How often it is tried again to find who is behind an id that an erasure waits for."""
_PAGES = 20
"""Pages of one answer that are read; most of them are empty."""


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
            for identity in await self._ask("asid", account.access_token, secret, asked):
                await self._link(contact.id, identity)

    async def find_pages(self, asid: Identity) -> tuple[Identity, ...] | None:
        """The PSIDs, on the business's Pages, of whom an app knows so. None: the app is not known here."""
        app = self._directory.apps.get(asid.scope)
        if app is None:
            return None
        secret = app.app_secrets[0]
        token = f"{app.id}|{secret}"
        return tuple(await self._ask("psid", token, secret, partial(_of_pages, asid.value)))

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
                await self._resolve(asid)

    async def _resolve(self, asid: Identity) -> None:
        """Whose PSID on a page of ours belongs to the app's id."""
        for psid in await self.find_pages(asid) or ():
            addressee = await self._store.people.addressee(NAME, psid.scope, psid)
            if addressee is not None:
                await self._store.people.resolve_parked(NAME, asid, addressee.contact_id)

    async def _ask(
        self,
        kind: Literal["psid", "asid"],
        token: str,
        secret: str,
        request: Callable[[str | None], Request],
    ) -> list[Identity]:
        """All that is told, over empty pages too; what was told before an error counts."""
        found: list[Identity] = []
        after: str | None = None
        for _ in range(_PAGES):
            asked = request(after)
            proved = replace(asked, query={**asked.query, "appsecret_proof": appsecret_proof(token, secret)})
            try:
                answer = await self._graph.call(proved, token)
            except (NotSent, NotAnswered):
                break
            told = matches(answer.status, answer.headers, answer.body, kind)
            if isinstance(told, SendError):
                logger.info(line("no ids matched", kind=kind, code=told.code))
                break
            found += told.identities
            after = told.after
            if after is None:
                break
        return found

    async def _link(self, contact_id: str, identity: Identity) -> None:
        people = self._store.people
        try:
            await people.link(None, contact_id, NAME, identity)
        except (IdentityTaken, Unmergeable):
            # Another contact has it: which of the two is right, only a customer can say.
            logger.info(line("id matches another contact", contact=contact_id))
        else:
            await people.resolve_parked(NAME, identity, contact_id)

    def _secret(self, app_id: str | None) -> str:
        app = self._directory.apps.get(app_id or "")
        return (self._secrets if app is None else app.app_secrets)[0]


def _of_apps(psid: str, after: str | None) -> Request:
    return ids_for_apps(psid, after=after)


def _of_pages(asid: str, after: str | None) -> Request:
    return ids_for_pages(asid, after=after)
