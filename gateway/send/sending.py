"""The part of a gateway that sends. A process that only receives composes messages, for others to send."""

from collections.abc import Callable

from gateway.graph import Graph
from gateway.ground import Ground
from gateway.send.composition import Composer
from gateway.send.courier import Courier
from gateway.send.replies import Replies
from gateway.send.sender import Sender
from gateway.store.outbox import Outbox
from gateway.store.records import Account


class Sending:
    """The outbox's workers, and what composes messages for it."""

    def __init__(
        self,
        ground: Ground,
        graph: Graph,
        wake: Callable[[str], None],
        suspect: Callable[[Account], None],
    ) -> None:
        """`wake`: an endpoint has something due. `suspect`: an account's token was refused."""
        store, directory, clock = ground.store, ground.directory, ground.clock
        self._store = store
        courier = Courier(graph, directory, clock, suspect)
        self._sender = Sender(store, courier, ground.neighbours, wake)
        self.wake, self.expect = self._sender.wake, self._sender.expect
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
