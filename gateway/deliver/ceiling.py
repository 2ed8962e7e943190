"""The exchanges that may still start, over all endpoints of this process, and how they are shared out.

Everybody may take what the own concurrency allows, until little is left: no endpoint ever has more slots
than an eighth of those that nobody has, but it always may have one. So whoever holds slots for long
leaves some to the others: of 2,000 slots, a hundred endpoints that never answer leave 150 free, a
thousand still leave a dozen. (In switches, whose ports share one memory for packets, this is known as
dynamic thresholds: Choudhury and Hahne, 1998.)
"""

SHARE = 8


class Ceiling:
    """`free` slots are left. Taken and given back by the lanes."""

    __slots__ = ("free",)

    def __init__(self, limit: int) -> None:
        self.free = limit

    def room(self, busy: int) -> int:
        """How many more slots an endpoint may take that has so many now; 0 or less: none."""
        return min(self.free, max(1, self.free // SHARE) - busy)
