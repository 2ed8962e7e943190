"""What every part of a gateway stands on."""

from msgspec import Struct

from gateway.clock import Clock
from gateway.directory import Directory
from gateway.neighbours import Neighbours
from gateway.settings import Settings
from gateway.store.base import Store
from gateway.store.whole import WholeStore


class Ground(Struct, frozen=True):
    """Put together in app.py, handed to the parts that app.py makes."""

    settings: Settings
    store: Store
    whole: WholeStore | None
    """The same store, if it can send as well."""
    directory: Directory
    neighbours: Neighbours
    clock: Clock
