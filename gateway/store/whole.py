"""The whole contract: what a store on one file keeps, and one on Redis does not keep yet."""

from typing import Protocol

from gateway.store.base import Store
from gateway.store.outbox import Outbox


class WholeStore(Store, Protocol):
    """A store that can send as well."""

    @property
    def outbox(self) -> Outbox:
        """Messages on their way out."""
        ...
