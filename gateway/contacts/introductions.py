"""What the platform tells of somebody when it is asked, field by field where it must be."""

import asyncio
from collections.abc import Iterable

from msgspec.structs import asdict, replace

from adapters import ADAPTERS
from adapters.base import Identity
from adapters.profile import NoProfile, Profile, ProfileFields
from adapters.sending import SendError, Unsendable
from gateway.accounts.side import side
from gateway.clock import Clock
from gateway.contacts.freshness import Turns
from gateway.contacts.grants import Grants
from gateway.contacts.portraits import Portraits
from gateway.downloads import Downloads
from gateway.graph import Graph, NotAnswered, NotSent
from gateway.log import line, logger
from gateway.store import records

_OF_FIELDS = frozenset({"permission", "invalid", "unknown"})
"""What an error is called that one of the fields may be the cause of."""
_Told = Profile | NoProfile | SendError | None


class Introductions:
    """Asks with the page's token, and never faster than a page may."""

    def __init__(self, graph: Graph, downloads: Downloads, clock: Clock) -> None:
        self._graph = graph
        self._portraits = Portraits(downloads)
        self._clock = clock
        self._turns = Turns()
        self._grants = Grants()

    async def ask(
        self, account: records.Account, identity: Identity, fields: ProfileFields
    ) -> Profile | NoProfile | None:
        """What the platform says; None: it gave no answer, or nothing is to be asked for.

        Where all fields together are refused, those that need no permission of their own are asked for
        first, then each of the others by itself. Which of them were refused is known for a day.
        """
        page, now = (account.platform, account.page_id), self._clock()
        granted = self._grants.among(page, fields.granted, now)
        told = await self._call(account, identity, (*fields.usual, *granted))
        if granted and _may_be_of_fields(told):
            told = await self._one_by_one(account, identity, fields.usual, granted)
        if isinstance(told, SendError):
            logger.info(line("no profile", page=account.page_id, code=told.code))
            return None
        return told

    async def picture(self, profile: Profile) -> str | None:
        """What the person's picture is known by."""
        return await self._portraits.known_by(profile)

    async def _one_by_one(
        self, account: records.Account, identity: Identity, usual: tuple[str, ...], granted: Iterable[str]
    ) -> _Told:
        known = await self._call(account, identity, usual) if usual else Profile()
        if not isinstance(known, Profile):
            # Without any of the fields in question it is the same: the person is the cause, or the app.
            return known
        for name in granted:
            told = await self._call(account, identity, (name,))
            if isinstance(told, Profile):
                known = _with(known, told)
            elif _may_be_of_fields(told):
                self._grants.refused((account.platform, account.page_id), name, self._clock())
                logger.info(line("profile field refused", page=account.page_id, field=name))
        return NoProfile(reason="not_permitted") if known == Profile() else known

    async def _call(self, account: records.Account, identity: Identity, names: tuple[str, ...]) -> _Told:
        if not names:
            return None
        adapter, page = ADAPTERS[account.platform], (account.platform, account.page_id)
        await asyncio.sleep(self._turns.take(page, self._clock()) / 1000)
        try:
            request = adapter.profile_request(identity, side(account), names)
            answer = await self._graph.call(request, account.access_token or "")
        except (Unsendable, NotSent, NotAnswered):
            return None
        return adapter.profile_result(answer.status, answer.headers, answer.body)


def _may_be_of_fields(told: _Told) -> bool:
    if isinstance(told, NoProfile):
        return told.reason == "not_permitted"
    return isinstance(told, SendError) and told.code in _OF_FIELDS and not told.ambiguous


def _with(known: Profile, more: Profile) -> Profile:
    """Both together; each was asked for something else."""
    return replace(known, **{name: value for name, value in asdict(more).items() if value is not None})
