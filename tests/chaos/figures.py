"""What a row of the matrix says: counted from what Meta's 200s promised and what the customers got."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from msgspec import Struct

from tests.chaos.customer import Arrival


class Figures(Struct, frozen=True, kw_only=True):
    """Of one run. Deliveries are counted per endpoint: two endpoints make two of each message."""

    accepted: int
    """Messages that got a 200."""
    delivered: int
    """Different messages that arrived, over all endpoints."""
    duplicated: int
    """Arrivals after the first of a message."""
    lost: int
    """Deliveries of accepted messages that never arrived."""
    disordered: int
    """First arrivals behind a later message of their conversation."""
    other_ids: int
    """Repeats that came under another `webhook-id`."""


def count(accepted: Collection[str], endpoints: Sequence[Sequence[Arrival]]) -> Figures:
    """The figures of a run that is over."""
    first = [{arrival.mid: arrival.webhook_id for arrival in reversed(arrivals)} for arrivals in endpoints]
    return Figures(
        accepted=len(accepted),
        delivered=sum(map(len, first)),
        duplicated=sum(map(len, endpoints)) - sum(map(len, first)),
        lost=sum(len(missing(accepted, arrivals)) for arrivals in endpoints),
        disordered=sum(map(_disordered, endpoints)),
        other_ids=sum(
            arrival.webhook_id != ids[arrival.mid]
            for arrivals, ids in zip(endpoints, first, strict=True)
            for arrival in arrivals
        ),
    )


def missing(accepted: Collection[str], arrivals: Sequence[Arrival]) -> set[str]:
    """The messages that one endpoint should have got and has not."""
    return set(accepted) - {arrival.mid for arrival in arrivals}


def _disordered(arrivals: Sequence[Arrival]) -> int:
    newest: dict[str, int] = defaultdict(lambda: -1)
    seen: set[str] = set()
    wrong = 0
    for mid in (arrival.mid for arrival in arrivals):
        conversation, number = mid[:-7], int(mid[-6:])
        wrong += mid not in seen and number < newest[conversation]
        newest[conversation] = max(newest[conversation], number)
        seen.add(mid)
    return wrong
