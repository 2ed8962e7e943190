"""docs/reliability.md, from the results of a whole run."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from bench.machine import machine
from tests.chaos.matrix import Result
from tests.chaos.meta import PAGES, PEOPLE_PER_PAGE

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reliability.md"
_HEADER = "| store | what goes wrong | accepted | sent again by Meta | delivered | duplicated | lost | out of order |"


def rendered(results: Sequence[Result], today: datetime.date) -> str:
    """The whole page."""
    where = machine()
    return "\n".join(
        (
            "# Reliability",
            "",
            "Written by `make chaos`; do not edit. Each row is a run of real processes, real stores and real HTTP on",
            f"one machine, under the load of a simulated Meta: {len(PAGES) * PEOPLE_PER_PAGE} people on {len(PAGES)} "
            "pages, each of whom writes the next message",
            "when the last one got its 200; what gets no 200 is sent again. Two endpoints get every message, so",
            "`delivered` should be twice `accepted`. On Redis two processes receive and two deliver.",
            "",
            f"Last run: {today.isoformat()}, {where.system}, {where.python}, SQLite {where.sqlite}, "
            f"fsync {where.fsync_ms:.2f} ms.",
            "",
            _HEADER,
            "|---|---|---|---|---|---|---|---|",
            *(_line(result) for result in results),
            "",
            _READING,
            "",
            "## What a store may lose",
            "",
            *(_bound(result) for result in results if result.excused),
            "",
            _ADVICE,
            "",
        )
    )


def _line(result: Result) -> str:
    figures = result.figures
    cells = (
        result.row.store,
        result.row.name,
        f"{figures.accepted:,}",
        f"{result.repeated:,}",
        f"{figures.delivered:,}",
        f"{figures.duplicated:,}",
        f"{figures.lost:,}{' (see below)' if figures.lost else ''}",
        f"{figures.disordered:,}",
    )
    return f"| {' | '.join(cells)} |"


def _bound(result: Result) -> str:
    return (
        f"* **{result.row.store}: {result.row.name}.** May lose {result.row.bound}. In this run {result.excused} "
        f"messages were accepted in that time, and {result.figures.lost} of their "
        f"{2 * result.excused} deliveries were lost."
    )


_READING = """\
* **Accepted**: messages that got a 200. **Lost**: deliveries of accepted messages that never arrived.
* **Duplicated**: arrivals after the first, each under the same `webhook-id` (a run in which one has another fails).
  They come from attempts whose outcome nobody could write down: the process died, or its lease ended, between the
  exchange and the record.
* **Out of order**: first arrivals behind a later message of the same conversation at the same endpoint.
* A row that loses or disorders anything beyond what stands below makes `make chaos` fail."""

_ADVICE = """\
Everywhere else the 200 is given after the store has the event, so nothing is lost. Where the store loses a
tail, Meta does not help: it redelivers for up to 7 days what did *not* get a 200, and these events did. What was
on its way to Meta's 200 at that moment is sent again and arrives. To close the gap:

* one Redis: `appendfsync always` (a commit then waits for the disk; commands that arrive together share it);
* a replica: `min-replicas-to-write 1` and `min-replicas-max-lag 1`. The master then refuses writes, and the gateway
  answers 503, when no replica has been heard for a second. What was acknowledged inside that second can still be lost.

A tail that is lost takes the record of deliveries with it: deliveries that had been made in that second are made
again, under the same id. A conversation's `sequence` then continues from the number that the store remembers, so numbers that
belonged to lost events are given again. A clock that jumps is harmless to order and to what is kept. While it is
wrong, retries are early or late by as much, other processes may take its leases for expired (duplicates), and customers
who check `webhook-timestamp` refuse deliveries, which are then retried."""
