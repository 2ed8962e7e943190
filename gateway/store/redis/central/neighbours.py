"""The other processes on the same Redis: a heartbeat each second, and a channel for what cannot wait.

    beat      is there, learns who else is and which version the configuration has
    channel   "<process> changed" · "<process> due <endpoint> …" · "<process> send <platform>:<page> …"

What is to be told is collected while the message before is on its way, so that many events are one message.
"""

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

from gateway.clock import Clock, system_clock
from gateway.log import line, logger
from gateway.neighbours import Ears
from gateway.store.address import RedisAddress
from gateway.store.base import StoreUnavailable
from gateway.store.redis.central.changer import CHANGER
from gateway.store.redis.layout.library import central_script
from gateway.store.redis.layout.shards import CENTRAL
from gateway.store.redis.server.channel import Channel
from gateway.store.redis.server.connection import Connection
from gateway.store.redis.server.scripts import Call, Script, Value
from gateway.tasks import end

BEAT_SECONDS = 1.0
_PRESENT_MS = 5_000
"""Who has not been heard of for so long is dead."""
_CHANGE_MS = 10_000
"""A change of the configuration takes milliseconds; who takes so long is dead."""
_SKEW_MS = 2_000
"""Clocks that differ by more: leases and retries of one process are early or late for another."""
_CHANGE_TRIES = 250
_CHANGE_PAUSE_SECONDS = 0.05


_PRESENT = central_script("central/present")
_BEGIN = central_script("central/changer_begin")
_END = central_script("central/changer_end")


class RedisNeighbours:
    """Speaks with the others over connections of its own."""

    def __init__(self, address: RedisAddress, *, delivers: bool, clock: Clock = system_clock) -> None:
        """`clock`: the machine's, to be compared with Redis' own."""
        self._connection = Connection(address)
        self._clock = clock
        self._clock_differs = False
        self._delivers = delivers
        self._name = secrets.token_hex(8)
        self._channel = Channel(self._connection, self._hear)
        self._present: list[str] = [self._name] if delivers else []
        self._version = -1
        self._looking = asyncio.Lock()
        self._news: dict[str, dict[str, None]] = {}
        """What is to be told, by the word for it."""
        self._telling: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, ears: Ears) -> None:
        """Join. Raises StoreUnavailable."""
        self._ears = ears
        await self._beat()
        self._tasks = [
            asyncio.create_task(self._beat_for_ever()),
            asyncio.create_task(self._channel.listen()),
        ]

    async def retire(self) -> None:
        """Be missed before the others would notice."""
        self._delivers = False
        with contextlib.suppress(StoreUnavailable):
            await self._look_around(0)

    async def stop(self) -> None:
        """Leave, so that the others need not wait until this process is missed."""
        await end(self._tasks)
        if self._telling is not None:
            await self._telling
        await self.retire()
        await self._connection.close()

    def dispatchers(self) -> int:
        """Those that have been heard of lately."""
        return max(1, len(self._present))

    def on_duty(self) -> bool:
        """The first by name is."""
        return self._present[:1] == [self._name]

    def due(self, endpoint_id: str) -> None:
        """Tell the others soon."""
        self._tell_soon("due", endpoint_id)

    def send(self, platform: str, page_id: str) -> None:
        """Tell the others soon."""
        self._tell_soon("send", f"{platform}:{page_id}")

    def sends(self, platform: str, page_id: str) -> bool:
        """Every process finds the same one, and when one comes or goes most pages stay where they are."""
        chosen = max(self._present, key=lambda name: _weight(name, platform, page_id), default=None)
        return chosen == self._name

    def _tell_soon(self, word: str, name: str) -> None:
        self._news.setdefault(word, {})[name] = None
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[bool]:
        """Change the configuration. Raises StoreUnavailable, also if somebody else does not end."""
        version = await self._begin_change()
        token = CHANGER.set(self._name)
        try:
            yield version != self._version
        except BaseException:
            # Perhaps it was made and the answer got lost: the version stays unknown, and the next beat asks.
            await self._end_change()
            raise
        finally:
            CHANGER.reset(token)
        self._version = await self._end_change()

    async def _begin_change(self) -> int:
        for _ in range(_CHANGE_TRIES):
            version = await self._run(_BEGIN, self._name, _CHANGE_MS)
            if version is not None:
                return int(version)
            await asyncio.sleep(_CHANGE_PAUSE_SECONDS)
        raise StoreUnavailable("another process is changing the configuration")

    async def _end_change(self) -> int:
        version = await self._run(_END, self._name, repeatable=True)
        await self._say("changed")
        return int(version)

    async def _tell(self) -> None:
        while self._news:
            word, names = self._news.popitem()
            await self._say(word, *names)
        self._telling = None

    async def _say(self, *words: str) -> None:
        """What gets lost is found by who looks."""
        with contextlib.suppress(StoreUnavailable):
            await self._channel.say(" ".join((self._name, *words)))

    async def _hear(self, message: str) -> None:
        name, word, *about = message.split(" ")
        if name == self._name:
            return
        if word == "changed":
            await self._beat()
        for one in about:
            if word == "send":
                platform, _, page_id = one.partition(":")
                self._ears.send(platform, page_id)
            else:
                self._ears.due(one)

    async def _beat(self) -> None:
        version = await self._look_around(_PRESENT_MS)
        if version != self._version:
            await self._ears.changed()
            # Smaller after a failover that lost changes: the same number will then say something else.
            self._version = version

    async def _look_around(self, present_ms: int) -> int:
        """Be there for so long, see who else is; the version of the configuration.

        One at a time: a beat that is on its way would bring back a process that has just left.
        """
        async with self._looking:
            about = (self._name, present_ms, int(self._delivers))
            before = self._clock()
            version, theirs, *present = await self._run(_PRESENT, *about, repeatable=True)
            self._compare_clocks(before, int(theirs), self._clock())
            self._present = [name.decode() for name in present]
        return int(version)

    def _compare_clocks(self, before: int, theirs: int, after: int) -> None:
        """Redis looked at its clock between these two looks at ours. What differs is said once."""
        differs = not before - _SKEW_MS <= theirs <= after + _SKEW_MS
        if differs and not self._clock_differs:
            logger.error(line("the clock of this machine and that of Redis differ", ms=after - theirs))
        elif self._clock_differs and not differs:
            logger.warning(line("the clock of this machine and that of Redis agree again"))
        self._clock_differs = differs

    async def _beat_for_ever(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            for look in (self._beat, self._ears.look):
                await _tried(look())

    async def _run(self, script: Script, *arguments: Value, repeatable: bool = False) -> Any:
        (answer,) = await self._connection.run([Call(script, (CENTRAL,), arguments)], repeatable=repeatable)
        return answer


def _weight(name: str, platform: str, page_id: str) -> bytes:
    return hashlib.blake2b(f"{name} {platform}:{page_id}".encode(), digest_size=8).digest()


async def _tried(look: Awaitable[None]) -> None:
    try:
        await look
    except StoreUnavailable as error:
        logger.warning(line("neighbours not heard", error=error))
