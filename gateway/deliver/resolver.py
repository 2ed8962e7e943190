"""Names to addresses, in threads of its own, with a short memory.

Two rules keep customers apart although the resolver is shared. A name is looked up once at a time,
so that no slow name takes more than one thread. And a name that was resolved in the last minute is
answered from memory while it is looked up again, so that a busy resolver delays only new names.
Every answer is judged by the guard at every attempt, however old it is.

A failure to resolve is the customer's only while the resolver answers at all: `Unresolved.ours`.
"""

import asyncio
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct

LIMIT_S = 5.0
_FRESH_S = 5.0
_USABLE_S = 60.0
_ALIVE_S = 30.0
"""How long after its last answer the resolver still counts as working."""
_THREADS = 16
_CACHED_NAMES = 10_000
_UNKNOWN = (socket.EAI_NONAME, socket.EAI_NODATA)

Lookup = Callable[[str], tuple[str, ...]]
"""All addresses of a name, blocking. Raises socket.gaierror."""


class Unresolved(Exception):
    """There is no address for the name. `ours`: because our resolver does not work."""

    def __init__(self, detail: str, *, ours: bool) -> None:
        super().__init__(detail)
        self.ours = ours


class _Answer(Struct, frozen=True):
    addresses: tuple[str, ...]
    at: float


def system_lookup(host: str) -> tuple[str, ...]:
    """Ask the system's resolver, for the fully qualified name first: search domains make others of it."""
    try:
        found = socket.getaddrinfo(host.removesuffix(".") + ".", None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno not in _UNKNOWN:
            raise
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)  # /etc/hosts, a local network's names
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Resolver:
    """Belongs to one event loop, from the first call on."""

    def __init__(self, lookup: Lookup = system_lookup, clock: Callable[[], float] = time.monotonic) -> None:
        self._lookup = lookup
        self._clock = clock
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolver")
        self._answers: dict[str, _Answer] = {}
        self._running: dict[str, asyncio.Task[tuple[str, ...]]] = {}
        self._alive_until = -1.0

    def known(self, host: str) -> tuple[str, ...] | None:
        """The addresses if they are remembered; looks them up again behind the scenes when not fresh."""
        answer = self._answers.get(host)
        if answer is None:
            return None
        age = self._clock() - answer.at
        if age > _USABLE_S:
            return None
        if age > _FRESH_S:
            self._begin(host)
        return answer.addresses

    async def resolve(self, host: str, limit_s: float = LIMIT_S) -> tuple[str, ...]:
        """The addresses of a name. Raises Unresolved, after `limit_s` seconds at the latest."""
        try:
            async with asyncio.timeout(limit_s):
                return await asyncio.shield(self._begin(host))
        except TimeoutError as error:
            raise self._trouble(f"The name {host} was not resolved within {limit_s:g} s.") from error

    def _begin(self, host: str) -> asyncio.Task[tuple[str, ...]]:
        running = self._running.get(host)
        if running is None:
            running = self._running[host] = asyncio.get_running_loop().create_task(self._look_up(host))
            running.add_done_callback(_retrieve)
        return running

    async def _look_up(self, host: str) -> tuple[str, ...]:
        loop = asyncio.get_running_loop()
        try:
            addresses = await loop.run_in_executor(self._pool, self._lookup, host)
        except socket.gaierror as error:
            if error.errno in _UNKNOWN:
                raise self._unknown(host) from error
            raise self._trouble(f"The name {host} could not be resolved.") from error
        except Exception as error:  # no thread to be had, no descriptor
            raise Unresolved(f"The name {host} could not be looked up.", ours=True) from error
        finally:
            del self._running[host]
        if not addresses:
            raise self._unknown(host)
        return self._remember(host, addresses)

    def _remember(self, host: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
        previous = self._answers.pop(host, None)
        if previous and set(previous.addresses) == set(addresses):
            addresses = previous.addresses  # servers rotate them; a constant order keeps connections in use
        if len(self._answers) >= _CACHED_NAMES:
            del self._answers[next(iter(self._answers))]
        now = self._clock()
        self._alive_until = now + _ALIVE_S
        self._answers[host] = _Answer(addresses, now)
        return addresses

    def _unknown(self, host: str) -> Unresolved:
        self._alive_until = self._clock() + _ALIVE_S
        self._answers.pop(host, None)
        return Unresolved(f"The name {host} does not exist.", ours=False)

    def _trouble(self, detail: str) -> Unresolved:
        """A broken name server looks like a broken resolver; other names' answers tell them apart."""
        return Unresolved(detail, ours=self._clock() > self._alive_until)

    async def close(self) -> None:
        """Give up what is being looked up."""
        running = tuple(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)


def _retrieve(task: asyncio.Task[tuple[str, ...]]) -> None:
    """A lookup behind the scenes has nobody to raise to."""
    if not task.cancelled():
        task.exception()
