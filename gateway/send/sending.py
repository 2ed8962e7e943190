"""The part of a gateway that sends: whole, or not at all."""

from collections.abc import Callable

from gateway.clock import Clock
from gateway.directory import Directory
from gateway.graph import Graph
from gateway.send.composition import Composer
from gateway.send.courier import Courier
from gateway.send.replies import Replies
from gateway.send.sender import Sender
from gateway.settings import Settings
from gateway.store.outbox import Outbox
from gateway.store.whole import WholeStore


class Sending:
    """The outbox's workers, and what composes messages for it."""

    def __init__(
        self,
        settings: Settings,
        store: WholeStore,
        directory: Directory,
        wake: Callable[[str], None],
        clock: Clock,
    ) -> None:
        """`wake` tells that an endpoint has something due."""
        self._store = store
        self._graph = Graph(settings.graph_url, settings.graph_version)
        courier = Courier(self._graph, directory, clock)
        self._sender = Sender(store, courier, wake)
        self.wake = self._sender.wake
        self.composer = Composer(store, directory, clock)
        self.replies = Replies(store, self.composer, courier, self._sender.wake, wake)

    @property
    def outbox(self) -> Outbox:
        """What is on its way."""
        return self._store.outbox

    def start(self) -> None:
        """Take up what is waiting."""
        self._sender.start()

    async def stop(self) -> None:
        """Claim nothing more, and let what is under way land."""
        await self._sender.stop()
        await self._graph.close()
