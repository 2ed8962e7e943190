"""The other processes on the same store: what they have to hear, and what they share.

What one of them says usually arrives at once and may get lost. So everybody also looks once a second:
whether the configuration has changed, and (whoever delivers) what has become due.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from msgspec import Struct


class Ears(Struct, frozen=True, kw_only=True):
    """What a process does with what it hears."""

    changed: Callable[[], Awaitable[None]]
    """The configuration is another one."""
    due: Callable[[str], None]
    """Something is due for an endpoint, or can be pulled."""
    send: Callable[[str, str], object]
    """A message waits to be sent from a page (platform and id)."""
    look: Callable[[], Awaitable[None]]
    """A second is over: look for what was said and not heard."""


class Neighbours(Protocol):
    """Two implementations: `Alone` below, and gateway/store/redis/central/neighbours.py."""

    async def start(self, ears: Ears) -> None:
        """Join the others; from now on hear them. Raises StoreUnavailable."""

    async def retire(self) -> None:
        """Let the others do what is divided among those that deliver: this one will stop."""

    async def stop(self) -> None:
        """Leave them."""

    def due(self, endpoint_id: str) -> None:
        """Tell them that something is due for an endpoint, or can be pulled."""

    def send(self, platform: str, page_id: str) -> None:
        """Tell them that a message waits to be sent from a page."""

    def sends(self, platform: str, page_id: str) -> bool:
        """Whether this process is the one that sends from a page. For a moment, two or none may be."""
        ...

    def changing(self) -> AbstractAsyncContextManager[bool]:
        """Change the configuration while nobody else does, and tell them at the end.

        Gives whether they may have changed it since this process last read it. Raises StoreUnavailable.
        """
        ...

    def dispatchers(self) -> int:
        """How many processes deliver, this one included."""
        ...

    def on_duty(self) -> bool:
        """Whether this process does what one of them has to do. For a moment, two may think so."""
        ...


class Alone:
    """No other process: the store is a file that this one owns."""

    async def start(self, ears: Ears) -> None:
        """There is nothing to hear."""

    async def retire(self) -> None:
        """There is nobody who would do it."""

    async def stop(self) -> None:
        """There is nobody to leave."""

    def due(self, endpoint_id: str) -> None:
        """There is nobody to tell."""

    def send(self, platform: str, page_id: str) -> None:
        """There is nobody to tell."""

    def sends(self, platform: str, page_id: str) -> bool:
        """Always."""
        return True

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[bool]:
        """Nobody else changes anything."""
        yield False

    def dispatchers(self) -> int:
        """This one."""
        return 1

    def on_duty(self) -> bool:
        """Always."""
        return True
