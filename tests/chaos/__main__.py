"""Run the whole matrix and write docs/reliability.md: `make chaos`, about ten minutes."""

import argparse
import datetime
import sys
import tempfile
from pathlib import Path

from tests.chaos.matrix import ROWS, Result, Row, play
from tests.chaos.report import PAGE, rendered


def main() -> int:
    """0 if every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="rows whose store and name contain it")
    only = parser.parse_args().only
    chosen = [row for row in ROWS if only in f"{row.store}: {row.name}"]
    results = [_played(row) for row in chosen]
    if not only:
        PAGE.write_text(rendered(results, datetime.datetime.now(datetime.UTC).date()), encoding="utf-8")
    return 0 if all(result.holds for result in results) else 1


def _played(row: Row) -> Result:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        result = play(row, Path(folder))
    verdict = "holds" if result.holds else "BROKEN"
    sys.stderr.write(f"{verdict}  {row.store}: {row.name}  {result.figures}\n")
    sys.stderr.flush()
    return result


if __name__ == "__main__":
    sys.exit(main())
