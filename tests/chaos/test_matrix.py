"""The bounded form of the matrix: what most often goes wrong, on both stores. `make chaos` plays all rows."""

from pathlib import Path

import pytest

from tests.chaos.matrix import ROWS, play

CHOSEN = (
    "SQLite: disk full for 3 s",
    "Redis: SIGKILL of a process that delivers",
    "Redis: SIGKILL of Redis",
    "Redis: power failure: the last second of the append-only file is gone",
)
_BY_NAME = {f"{row.store}: {row.name}": row for row in ROWS}


@pytest.mark.parametrize("name", CHOSEN)
def test_what_was_accepted_arrives_in_order_under_one_id(tmp_path: Path, name: str) -> None:
    result = play(_BY_NAME[name], tmp_path)
    assert result.holds, result
    assert result.figures.accepted > 0


def test_every_row_has_a_name_of_its_own() -> None:
    assert len(_BY_NAME) == len(ROWS)
