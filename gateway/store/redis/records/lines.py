"""Lines of outgoing messages: those that may be sent now are named in a record, the rest waits behind them.

Thousands may wait in a line; few can fail before the next one goes, so the record is short.
"""

from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from gateway.store.redis.records.outgoing_record import OutgoingRecord, behind_in, decoded, outgoing_cell
from gateway.store.redis.records.view import ABSENT, Cell, View, range_cell


class Line(Struct, array_like=True):
    """What is open of a line and not behind another one."""

    last: int = 0
    """The greatest key in it: the next message comes after it, whichever process takes it."""
    front: list[str] = field(default_factory=list)
    """Ids, in order."""


_decoder = msgspec.json.Decoder(Line)


class Lines:
    """For one decision at a time."""

    def __init__(self, view: View) -> None:
        self._view = view

    def read(self, page: int, name: str) -> Line:
        """An empty one where nothing is open."""
        value = self._view.get(line_cell(page, name))
        return Line() if value == ABSENT else _decoder.decode(value)

    def front(self, page: int, name: str) -> Iterator[OutgoingRecord]:
        """Those that may go, or have failed and will be tried again, in order."""
        for identifier in self.read(page, name).front:
            if (value := self._view.get(outgoing_cell(identifier))) != ABSENT:
                yield decoded(value)

    def first_behind(self, page: int, name: str) -> OutgoingRecord | None:
        """Who is next."""
        identifier = self._view.get(range_cell(behind_in(page, name), "-inf", "+inf", 1))
        value = ABSENT if identifier == ABSENT else self._view.get(outgoing_cell(identifier))
        return None if value == ABSENT else decoded(value)

    def follow(self, before: OutgoingRecord | None, after: OutgoingRecord) -> None:
        """A message has come to the line, has moved up in it, or has left it."""
        was, is_now = before is not None and _is_in_front(before), _is_in_front(after)
        if before is not None and was == is_now:
            return
        line, identifier = self.read(after.page, after.line), after.message.id
        if is_now:
            line.front.append(identifier)
        elif was:
            line.front = [one for one in line.front if one != identifier]
        line.last = max(line.last, after.key)
        self._put(after.page, after.line, line)

    def close(self, page: int, name: str) -> None:
        """Nobody is behind; without anybody in front there is no line."""
        if not self.read(page, name).front:
            self._view.put(line_cell(page, name), ABSENT)

    def _put(self, page: int, name: str, line: Line) -> None:
        self._view.put(line_cell(page, name), msgspec.json.encode(line).decode())


def _is_in_front(record: OutgoingRecord) -> bool:
    return record.progress.stage not in ("behind", "done")


def line_cell(page: int, name: str) -> Cell:
    """Where a line's record is."""
    return "outgoing_lines", f"{page}\n{name}"
