"""The parts of the store contract that stand beside the traffic, as attributes from `open` on."""

from typing import Protocol

from gateway.store.contents import Contents
from gateway.store.outbox import Outbox
from gateway.store.ownership import Ownership
from gateway.store.usage import UsageCounts


class Parts(Protocol):
    """Each is a contract of its own."""

    @property
    def outbox(self) -> Outbox:
        """Messages on their way out."""
        ...

    @property
    def usage(self) -> UsageCounts: ...

    @property
    def ownership(self) -> Ownership: ...

    @property
    def contents(self) -> Contents: ...
