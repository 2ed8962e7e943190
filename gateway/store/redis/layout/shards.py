"""How a database is divided: every element has its shard, and all that concerns it lies there.

A WhatsApp number belongs to an account (WABA) whose numbers share their contacts, so the account decides;
on the other platforms the page does.
"""

import asyncio
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from gateway.store.outgoing import Message
from gateway.store.records import Arrival
from gateway.store.redis.server.connection import Connection
from gateway.store.redis.server.scripts import Call, Script, Value
from gateway.store.redis.server.trouble import RedisTrouble

_REMEMBERED = 10_000
"""Pages whose shard need not be computed."""
CENTRAL = "{gateway}:"
"""The prefix of what belongs to no shard."""


def scope_of(arrival: Arrival) -> str:
    """What decides an element's shard, beside its platform."""
    event, person = arrival.decoded.event, arrival.decoded.person
    if event.platform != "whatsapp":
        return event.page_id
    if event.waba_id is None and person is not None and person.identities:
        return person.identities[0].scope
    return event.waba_id or event.page_id


def scope_of_message(message: Message) -> str:
    """The same of a message of ours: its echoes and statuses come there."""
    return (message.waba_id or message.page_id) if message.platform == "whatsapp" else message.page_id


class Shards:
    """The shards of one database, by number."""

    def __init__(self, connection: Connection, count: int, database: str = "") -> None:
        self.connection = connection
        self.count = count
        self.database = database
        """Its name: what is to be written goes nowhere else."""
        self.numbers = range(count)
        self.of = lru_cache(maxsize=_REMEMBERED)(self._of)

    def _of(self, platform: str, scope: str) -> int:
        """The shard of a page or account: the same in every process, for ever."""
        return zlib.crc32(f"{platform}:{scope}".encode()) % self.count

    async def run(self, shard: int, script: Script, *arguments: Value, repeatable: bool = False) -> Any:
        """Run a script on one shard. Raises StoreUnavailable."""
        return await self._run(f"{{gateway:{shard}}}:", script, arguments, repeatable)

    async def everywhere(self, script: Script, *arguments: Value, repeatable: bool = False) -> list[Any]:
        """Run a script on every shard; the answers, by shard. Raises StoreUnavailable."""
        runs = (self.run(shard, script, *arguments, repeatable=repeatable) for shard in self.numbers)
        return list(await asyncio.gather(*runs))

    async def central(self, script: Script, *arguments: Value, repeatable: bool = False) -> Any:
        """Run a script over what belongs to no shard. Raises StoreUnavailable."""
        return await self._run(CENTRAL, script, arguments, repeatable)

    async def _run(self, prefix: str, script: Script, arguments: Sequence[Value], repeatable: bool) -> Any:
        (answer,) = await self.connection.run([Call(script, (prefix,), arguments)], repeatable=repeatable)
        if isinstance(answer, RedisTrouble):
            raise answer
        return answer
