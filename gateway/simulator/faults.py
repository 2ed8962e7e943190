"""Trouble on demand: for the next requests, or for a share of them."""

from typing import Literal

from msgspec import Struct

from gateway.simulator.chance import Chance

Kind = Literal["error", "status", "silence", "reset", "slow"]


class Fault(Struct, frozen=True, kw_only=True):
    """One way in which a request goes wrong."""

    kind: Kind
    """`error`: Graph's error envelope with `code`. `status`: `status` without a body. `silence`: no answer
    ever. `reset`: the connection breaks. `slow`: the right answer after `seconds`."""
    after_accept: bool = False
    """The work is done first: the message arrives although the sender learns nothing of it."""
    code: int = 2
    subcode: int = 0
    status: int = 500
    seconds: float = 1.0
    edge: str = "messages"
    """Which requests: the last part of the path; `*` for all."""


class Faults:
    """What is going to go wrong."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._next: list[Fault] = []
        self._odds: list[tuple[float, Fault]] = []

    def add(self, fault: Fault, times: int = 1) -> None:
        """The next requests on the fault's edge fail so."""
        self._next += [fault] * times

    def add_odds(self, fault: Fault, probability: float) -> None:
        """From now on a share of the requests fails so; the seed decides which."""
        self._odds.append((probability, fault))

    def clear(self) -> None:
        """Everything goes well again."""
        self._next.clear()
        self._odds.clear()

    def strike(self, edge: str) -> Fault | None:
        """What happens to a request on this edge."""
        for fault in self._next:
            if fault.edge in (edge, "*"):
                self._next.remove(fault)
                return fault
        for probability, fault in self._odds:
            if fault.edge in (edge, "*") and self._chance.happens(probability):
                return fault
        return None
