"""What an earlier version has written of people, made ready for what this one asks.

Contacts had no index, nothing led from their ids to them, pages had no names, and nothing led from
conversations to those in them. All of it follows from what is there, so it is written once, when a database
is opened; a process that dies over it, or another one that opens the database meanwhile, does the same
again. A process of the earlier version must not run then.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from gateway.clock import Clock
from gateway.log import line, logger
from gateway.store.redis.central.owners import Owned, Owners
from gateway.store.redis.intake.admission import RedisAdmissions, ShardAdmissions
from gateway.store.redis.intake.deciding import Decision
from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.contact_row import ContactRow, contact_cell, name_cell, page_cell, read_row
from gateway.store.redis.records.conversations import Parties, conversation_cell, parties_cell, read_talk
from gateway.store.redis.records.view import ABSENT, View

_FACT = central_script("layout/fact")
_CELLS = central_script("layout/cells")
_SCAN = shard_script("records/scan")
_PEOPLE = ("facts", "people")
_INDEXED = "1"
_STEP = 500
_BEGINNING = b"0"
"""Of a scan, and its end."""
_PLATFORMS = {"igsid": "instagram", "wa_id": "whatsapp", "bsuid": "whatsapp", "parent_bsuid": "whatsapp"}
"""By the kinds of identities that only one platform has; all others are Messenger's."""


class Upgrade:
    """Run before anything else uses the database. Raises StoreUnavailable."""

    def __init__(self, shards: Shards, admissions: RedisAdmissions, owners: Owners, clock: Clock) -> None:
        self._shards = shards
        self._each = admissions.each
        self._owners = owners
        self._clock = clock

    async def run(self) -> None:
        """Once per database."""
        (done,) = await self._shards.central(_CELLS, *_PEOPLE, repeatable=True)
        if done is None:
            owned = await self._owners.read()
            counts = await asyncio.gather(*(self._shard(one, owned) for one in self._shards.numbers))
            await self._shards.central(_FACT, _PEOPLE[1], _INDEXED, repeatable=True)
            if sum(counts):
                logger.info(line("contacts of an earlier version indexed", contacts=sum(counts)))

    async def _shard(self, shard: int, owned: Owned) -> int:
        one = self._each[shard]
        count = await self._renew(shard, "contacts", lambda key, _: partial(_renew, one, int(key), owned))
        await self._renew(shard, "groups", lambda name, talk: partial(_renew_group, one, name, talk))
        return count

    async def _renew(self, shard: int, kind: str, renewal: Callable[[str, str], Callable[[], None]]) -> int:
        deciding, cursor, count = self._each[shard].deciding, _BEGINNING, 0
        while True:
            cursor, flat = await self._shards.run(shard, _SCAN, kind, cursor, _STEP, repeatable=True)
            records = [(flat[i].decode(), flat[i + 1].decode()) for i in range(0, len(flat), 2)]
            decisions = [Decision(renewal(*one), self._clock(), [(kind, one[0])]) for one in records]
            await asyncio.gather(*map(deciding.decide, decisions))
            count += len(decisions)
            if cursor == _BEGINNING:
                return count


def _renew(shard: ShardAdmissions, key: int, owned: Owned) -> None:
    """Write a contact's record anew: the sorted sets follow it."""
    text = shard.view.get(contact_cell(key))
    row = None if text == ABSENT else read_row(text)
    if row is None or row.platform:
        return
    shard.view.put(name_cell(row.id), str(key))
    if not row.identities:
        return  # another contact has all its names: it is in no list, and is read by its id
    row.platform = next((_PLATFORMS[kind] for kind, *_ in row.identities if kind in _PLATFORMS), "facebook")
    for page, name in _names(row, owned).items():
        shard.view.put(page_cell(page), "\n".join(name))
    for page, identifier in row.conversations.items():
        _introduce(shard.view, identifier, int(page), key)
    shard.contacts.put(key, row)


def _renew_group(shard: ShardAdmissions, name: str, identifier: str) -> None:
    page, thread = name.split("\n", 1)
    _introduce(shard.view, identifier, int(page), thread)


def _introduce(view: View, identifier: str, page: int, partner: int | str) -> None:
    """Write down between whom a conversation is."""
    text = view.get(conversation_cell(identifier))
    if text != ABSENT:
        view.put(parties_cell(identifier), Parties(read_talk(identifier, text).key, page, partner).encoded())


def _names(row: ContactRow, owned: Owned) -> dict[str, tuple[str, str]]:
    """The pages of its conversations: connected ones, and those that its identities are scoped to."""
    scopes = {scope for _, _, scope, _ in row.identities}
    scoped = {str(Pages().page(row.platform, scope)): (row.platform, scope) for scope in scopes}
    named = scoped | owned.pages
    return {page: named[page] for page in row.conversations if page in named}
