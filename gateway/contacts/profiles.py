"""Profiles: asked for when somebody has written, kept for a while, and nothing ever waits for one.

The platform tells of a person only once they have allowed it: by a message, by tapping a button in the
thread or the "Send to Messenger" plugin. So only such an act asks, and only on the channels that answer;
WhatsApp tells names in its webhooks.
"""

import asyncio
from collections.abc import Callable

import msgspec

from adapters import ADAPTERS
from adapters.base import Decoded, Identity
from adapters.profile import NoProfile, Profile
from gateway.clock import Clock
from gateway.contacts.freshness import TROUBLE_MS, lifetime_ms
from gateway.contacts.introductions import Introductions
from gateway.contacts.likeness import name_of
from gateway.contacts.suspicion import suspected
from gateway.directory import Directory
from gateway.log import line, logger
from gateway.store import records
from gateway.store.base import Store, StoreUnavailable
from gateway.store.contact import KnownProfile
from gateway.store.derived import IDENTITY_SUSPECTED
from gateway.tasks import end

KINDS = frozenset({"psid", "igsid"})
"""Identities that have a profile."""
_ALLOWING = frozenset({"message.received", "postback.received"})
"""What lets the page see who it is. A click on an ad or a link, a reaction, a comment do not."""
_OPTED_IN = "contact.opted_in"
"""So does this, but for one that was given outside of Messenger."""
_CHECKBOX = "checkbox_plugin"
"""Ticked on a website: allows nothing before the person answers."""
_REMEMBERED = 50_000
_LONGEST_QUEUE = 10_000
_WORKERS = 4

Wanted = tuple[str, str, Identity]
"""Platform, page id, whose profile."""


class Profiles:
    """One queue and a few workers; whoever is asked for twice is fetched once."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        introductions: Introductions,
        wake: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._directory = directory
        self._introductions = introductions
        self._wake = wake
        self._clock = clock
        self._queue: asyncio.Queue[Wanted] = asyncio.Queue(_LONGEST_QUEUE)
        self._asked: dict[Wanted, int] = {}
        """Until when not to ask again."""
        self._under_way: dict[Wanted, asyncio.Task[KnownProfile | None]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(self._work()) for _ in range(_WORKERS)]

    async def stop(self) -> None:
        """Drop what is queued: the next message asks again."""
        await end([*self._tasks, *self._under_way.values()])

    def met(self, decoded: Decoded) -> None:
        """Somebody is named. A look into a dictionary; where the queue is full, another time will do."""
        event, person = decoded.event, decoded.person
        if person is None or person.identities[0].kind not in KINDS or not _allows(decoded):
            return
        wanted = (event.platform, event.page_id, person.identities[0])
        now = self._clock()
        if self._asked.get(wanted, 0) > now or self._queue.full():
            return
        if len(self._asked) >= _REMEMBERED:
            self._asked.clear()
        self._asked[wanted] = now + TROUBLE_MS
        self._queue.put_nowait(wanted)

    async def refresh(self, platform: str, page_id: str, identity: Identity) -> KnownProfile | None:
        """Ask now, whatever is cached; those who ask at once share one request.

        None: the page has no token, or the platform gave no answer. Raises StoreUnavailable.
        """
        wanted = (platform, page_id, identity)
        task = self._under_way.get(wanted)
        if task is None:
            task = self._under_way[wanted] = asyncio.create_task(self._fetch(wanted))
            task.add_done_callback(lambda _: self._under_way.pop(wanted, None))
        return await asyncio.shield(task)

    async def _work(self) -> None:
        while True:
            wanted = await self._queue.get()
            try:
                await self._look(wanted)
            except StoreUnavailable as error:
                logger.warning(line("profile not kept", page=wanted[1], error=error))

    async def _look(self, wanted: Wanted) -> None:
        platform, page_id, identity = wanted
        cached = await self._store.people.profile(platform, identity)
        if cached is None or cached.fresh_until <= self._clock():
            cached = await self.refresh(platform, page_id, identity)
        if cached is not None:
            self._asked[wanted] = cached.fresh_until

    async def _fetch(self, wanted: Wanted) -> KnownProfile | None:
        platform, page_id, identity = wanted
        account = self._directory.account(platform, page_id)
        if account is None or account.access_token is None:
            return None
        wanted_fields = self._directory.keeping((account.customer_id,)).profile
        fields = ADAPTERS[platform].PROFILE.only(wanted_fields)
        answer = await self._introductions.ask(account, identity, fields)
        if answer is None:
            return None
        now = self._clock()
        known = KnownProfile(
            identity=identity,
            fetched_at=now,
            fresh_until=now + lifetime_ms(answer),
            fields=msgspec.to_builtins(answer) if isinstance(answer, Profile) else {},
            missing=answer.reason if isinstance(answer, NoProfile) else None,
        )
        if isinstance(answer, NoProfile):
            await self._store.people.keep_profile(platform, known, None, None)
        else:
            picture = await self._introductions.picture(answer)
            await self._store.people.keep_profile(platform, known, name_of(answer), picture)
            await self._suspect(account, identity)
        return known

    async def _suspect(self, account: records.Account, identity: Identity) -> None:
        """Exactly one who looks the same and cannot be reached any more may be this person."""
        people, platform, page_id = self._store.people, account.platform, account.page_id
        found = await people.suspects(platform, identity)
        addressee = await people.addressee(platform, page_id, identity)
        if len(found) != 1 or addressee is None:
            return
        current = await people.contact(account.customer_id, addressee.contact_id)
        suspect = await people.contact(account.customer_id, found[0].contact_id)
        if current is None or suspect is None:
            return
        now = self._clock()
        owner = (account.customer_id,)
        routes = self._directory.routes(owner, IDENTITY_SUSPECTED, platform, page_id)
        endpoint_ids = tuple(route.endpoint_id for route in routes)
        emission = records.Emission(
            event=suspected(current, suspect, page_id, found[0], now),
            at=now,
            customer_id=account.customer_id,
            endpoint_ids=endpoint_ids,
            people=(identity, *(one.identity for one in suspect.identities if one.scope == page_id)),
        )
        await self._store.emit(emission)
        for endpoint_id in endpoint_ids:
            self._wake(endpoint_id)


def _allows(decoded: Decoded) -> bool:
    event = decoded.event
    if event.consent is not None:
        return event.event == _OPTED_IN and event.consent.source != _CHECKBOX and not event.test
    return event.event in _ALLOWING and decoded.opens_window
