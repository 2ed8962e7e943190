"""The part of a gateway that speaks to the platform: it sends, gets to know people, looks after accounts."""

from collections.abc import Sequence

from adapters.event import Event
from gateway.accounts.care import Care
from gateway.accounts.examination import doctor
from gateway.accounts.mending import Mending
from gateway.accounts.rounds import Rounds
from gateway.acquaintance import Acquaintance
from gateway.deliver.dispatcher import Dispatcher
from gateway.delivery import Delivery
from gateway.downloads import Downloads
from gateway.graph import Graph
from gateway.ground import Ground
from gateway.inbound.handover import Handover
from gateway.inbound.intake import Intake
from gateway.send.sending import Sending


class Correspondence:
    """All of it shares one Graph client; none of it stands in the way of the traffic."""

    def __init__(
        self, ground: Ground, deliverer: Dispatcher | Handover, delivery: Delivery | None, intake: Intake
    ) -> None:
        """`delivery`: None in a process that only receives; it sends nothing, and looks after no account."""
        settings = ground.settings
        self.graph = Graph(settings.graph_url, settings.graph_version)
        self.downloads = Downloads(settings.graph_url, settings.allow_networks)
        self.acquaintance = Acquaintance(ground, self.graph, self.downloads, deliverer.wake)
        self._deliverer = deliverer
        self._delivery = delivery
        looking = doctor(self.graph, ground.directory, settings)
        mending = Mending(ground.store, ground.directory, looking.questions, intake)
        self.care = Care(ground.store, ground.directory, looking, mending, self._tell)
        self.rounds = Rounds(ground.directory, self.care, mending, ground.clock, ground.neighbours.on_duty)
        self.sending = Sending(ground, self.graph, deliverer.wake, self.rounds.suspect)
        if isinstance(deliverer, Dispatcher):
            deliverer.tell(self.sending.replies)

    def start(self) -> None:
        """Take up what was left. The store is open."""
        self.acquaintance.start()
        if self._delivery is not None:
            self.sending.start()
            self.rounds.start()

    async def stop(self) -> None:
        """Let what is under way land, begin nothing more."""
        if self._delivery is not None:
            await self.rounds.stop()
        await self.acquaintance.stop()
        await self.sending.stop()

    async def close(self) -> None:
        """Drop the connections to the platform."""
        await self.downloads.close()
        await self.graph.close()

    def _tell(self, event: Event, endpoint_ids: Sequence[str]) -> None:
        for endpoint_id in endpoint_ids:
            self._deliverer.wake(endpoint_id)
        if self._delivery is not None:
            self._delivery.operator.tell(event)
