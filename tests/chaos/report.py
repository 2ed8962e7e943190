"""docs/reliability.md, from the results of a whole run."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from string import Template

from bench.machine import machine
from tests.chaos.matrix import Result
from tests.chaos.meta import PAGES, PEOPLE_PER_PAGE

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reliability.md"
TEMPLATE = Path(__file__).with_name("page.md")


def rendered(results: Sequence[Result], today: datetime.date) -> str:
    """The whole page."""
    here = machine()
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        people=len(PAGES) * PEOPLE_PER_PAGE,
        pages=len(PAGES),
        when=today.isoformat(),
        machine=f"{here.system}, {here.python}, SQLite {here.sqlite}, fsync {here.fsync_ms:.2f} ms",
        rows="\n".join(map(_line, results)),
        bounds="\n".join(_bound(result) for result in results if result.excused),
    )


def _line(result: Result) -> str:
    figures = result.figures
    numbers = (
        *(figures.accepted, result.repeated, figures.delivered),
        *(figures.duplicated, figures.lost, figures.disordered),
    )
    return f"| {result.row.store} | {result.row.name} | {' | '.join(f'{number:,}' for number in numbers)} |"


def _bound(result: Result) -> str:
    return (
        f"* **{result.row.store}: {result.row.name}.** May lose {result.row.bound}.\n"
        f"  In this run {result.excused} messages were accepted in that time, and "
        f"{result.figures.lost} of their {2 * result.excused}\n  deliveries were lost."
    )
