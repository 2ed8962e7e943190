"""One statement for many rows.

Each statement that runs costs a microsecond or two beside its work, and lets go of the interpreter,
which under load another thread takes. A commit has few rows of each table, or very many: up to sixteen
go in one statement, or else sixty-four at a time.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

_MANY, _FEW = 64, 16
_SIZES = (_MANY, *range(1, _FEW + 1))
"""All of these statements stay prepared: the connection keeps as many as there are."""

Row = tuple[Any, ...]


class Bulk:
    """A statement with `{rows}` where `(?, ?), (?, ?), …` goes, for rows of `width` values."""

    def __init__(self, connection: sqlite3.Connection, statement: str, width: int) -> None:
        self._execute = connection.cursor().execute
        row = f"({', '.join(['?'] * width)})"
        self._statements = {size: statement.format(rows=", ".join([row] * size)) for size in _SIZES}

    def run(self, rows: Sequence[Row]) -> list[Row]:
        """Run it for all rows; what it selects for them, in no order."""
        found: list[Row] = []
        for chunk in _chunks(rows):
            values = [value for row in chunk for value in row]
            found.extend(self._execute(self._statements[len(chunk)], values).fetchall())
        return found


class Inserts:
    """Rows on their way into a table; they are in it after `flush`."""

    def __init__(self, connection: sqlite3.Connection, table: str, columns: str) -> None:
        statement = f"INSERT INTO {table} ({columns}) VALUES {{rows}}"  # noqa: S608
        self._bulk = Bulk(connection, statement, columns.count(",") + 1)
        self._rows: list[Row] = []
        self.add = self._rows.append

    def flush(self) -> None:
        """Write what was added."""
        if self._rows:
            self._bulk.run(self._rows)
            self._rows.clear()

    def drop(self) -> None:
        """Forget what was added: its transaction was undone."""
        self._rows.clear()


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    start = 0
    while (left := len(rows) - start) > 0:
        size = _MANY if left >= _MANY else min(left, _FEW)
        yield rows[start : start + size]
        start += size
