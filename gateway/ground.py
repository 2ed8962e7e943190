"""What every part of a gateway stands on."""

from msgspec import Struct

from gateway.clock import Clock
from gateway.directory import Directory
from gateway.neighbours import Neighbours
from gateway.settings import Settings
from gateway.store.base import Store


class Ground(Struct, frozen=True):
    """Put together in app.py, handed to the parts that app.py makes."""

    settings: Settings
    store: Store
    directory: Directory
    neighbours: Neighbours
    clock: Clock
