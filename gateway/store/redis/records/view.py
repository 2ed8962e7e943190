"""What a process knows of a shard's records, and what one decision reads and changes of it.

Decisions are made here, in Python, on records that may have changed meanwhile: every record that one has
read is checked by the script that commits it. So what is known may be old, and costs a repetition then.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from gateway.store.keys import period, remembered_as
from gateway.store.recent import Recent

Cell = tuple[str, str]
"""A hash of the shard and a field of it."""
Indexed = Mapping[str, Callable[[str, str], Mapping[Cell, int]]]
"""Kinds of records that sorted sets lead to: members and scores, by the name and text of a record."""

ABSENT = ""
_REMEMBERED = 100_000
_REMEMBERED_OUTGOING = 5_000
_HEAD = 4
SELDOM_READ = ("known",)
"""Kinds of which each event makes one: to remember them would push out what the next event needs."""


class Missing(Exception):
    """A decision needs a record that is not known here."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        self.cell = cell


class Change(Struct, gc=False):
    """One decision: what it relies on, and what it does."""

    at: int
    period: int
    checks: dict[Cell, str] = field(default_factory=dict)
    seen: dict[str, bool] = field(default_factory=dict)
    values: dict[Cell, str] = field(default_factory=dict)
    """What records will be."""
    remembered: tuple[str, ...] = ()
    """Ids of events that are known from now on."""
    unstored: tuple[str, ...] = ()
    """Those of them that are not stored."""
    held: tuple[Any, ...] = ()
    events: list[Any] = field(default_factory=list)
    rewrites: tuple[Any, ...] = ()
    """What becomes of events that are there already."""
    indexes: dict[Cell, int | bool] = field(default_factory=dict)
    """Members of sorted sets, by their score from now on; False: not in it any more."""

    def packed(self, events: list[Any]) -> tuple[Any, ...]:
        """As the commit script takes it."""
        seen: list[Any] = []
        for identifier, known in self.seen.items():
            seen += (remembered_as(identifier), known)
        unstored = [remembered_as(one) for one in self.unstored]
        return (
            self.period,
            flat(self.checks),
            seen,
            flat(self.values),
            unstored,
            self.held,
            events,
            self.rewrites,
            flat(self.indexes) if self.indexes else (),
        )


class View:
    """The records of one shard, as the present decision sees them."""

    def __init__(self, new_id: Callable[[], UUID], indexed: Indexed | None = None) -> None:
        self._new_id = new_id
        self._indexed = indexed or {}
        self._drawn: list[UUID] = []
        self._draws = 0
        self._known: Recent[Cell, str] = Recent(_REMEMBERED)
        self._outgoing: Recent[Cell, str] = Recent(_REMEMBERED_OUTGOING)
        """Messages on their way out are large, and soon of no interest."""
        self._tentative: dict[Cell, str] = {}
        self._tentative_ids: set[str] = set()
        self._learnt_ids: set[str] = set()
        self.change = Change(0, 0)

    def forget(self) -> None:
        """Know nothing any more: nobody knows what was committed."""
        self._known.clear()
        self._outgoing.clear()
        self.restart()
        self._learnt_ids.clear()

    def restart(self) -> None:
        """Decisions begin anew: what those before them would have changed is not so."""
        self._tentative.clear()
        self._tentative_ids.clear()

    def forget_ids(self) -> None:
        """The group is done."""
        self._learnt_ids.clear()

    def begin(self, at: int, drawn: list[UUID]) -> None:
        """The next decision, of an element that came at this moment. `drawn`: ids it has drawn before."""
        self._drawn = drawn
        self._draws = 0
        self.change = Change(at, period(at))

    def draw(self) -> UUID:
        """A new id; the same ones again where a decision is repeated."""
        self._draws += 1
        if self._draws > len(self._drawn):
            self._drawn.append(self._new_id())
        return self._drawn[self._draws - 1]

    def accept(self) -> Change:
        """The decision is made: those after it build on it."""
        change = self.change
        for cell, value in change.values.items():
            if cell[0] in self._indexed:
                self._reindex(cell, value)
        self._tentative.update(change.values)
        self._tentative_ids.update(change.remembered)
        return change

    def learn(self, cell: Cell, value: str) -> None:
        """A record is so."""
        self._recent(cell).put(cell, value)

    def keep(self, values: Mapping[Cell, str]) -> None:
        """What was committed is so."""
        for cell, value in values.items():
            if cell[0] not in SELDOM_READ:
                self._recent(cell).put(cell, value)

    def learn_id(self, event_id: str) -> None:
        """An event id is known."""
        self._learnt_ids.add(event_id)

    def has(self, cell: Cell) -> bool:
        """Whether the record need not be fetched."""
        return self._recent(cell).get(cell) is not None

    def get(self, cell: Cell) -> str:
        """The record, or ABSENT. Raises Missing."""
        value = self._find(cell)
        if value is None:
            raise Missing(cell)
        return value

    def doubt(self, cell: Cell) -> Missing:
        """Another record contradicts what is known of this one: to be raised, so that it is fetched again."""
        self._recent(cell).drop(cell)
        return Missing(cell)

    def presume_absent(self, cell: Cell) -> str:
        """The record, where absence is so probable that nobody asks before the commit."""
        value = self._find(cell)
        if value is None:
            value = self.change.checks[cell] = ABSENT
        return value

    def put(self, cell: Cell, value: str) -> None:
        """The record will be so; ABSENT deletes it."""
        self.change.values[cell] = value

    def index(self, name: str, member: str, score: int | None) -> None:
        """A member of a sorted set will have this score; None: it will not be in it."""
        self.change.indexes[name, member] = False if score is None else score

    def knows_id(self, event_id: str) -> bool:
        """Whether an event was taken in; presumed not."""
        change = self.change
        if event_id in change.remembered:
            return True
        known = change.seen[event_id] = event_id in self._tentative_ids or event_id in self._learnt_ids
        return known

    def ever_knew_id(self, event_id: str) -> bool:
        """Whether an event was taken in at any time that is remembered. Raises Missing."""
        if event_id in self.change.remembered or event_id in self._tentative_ids:
            return True
        return self.get(ever_cell(event_id)) != ABSENT

    def remember_id(self, event_id: str, *, stored: bool) -> None:
        """Know the event from now on."""
        self.change.remembered += (event_id,)
        if not stored:
            self.change.unstored += (event_id,)

    def _recent(self, cell: Cell) -> Recent[Cell, str]:
        return self._outgoing if cell[0] == "outgoing" else self._known

    def _reindex(self, cell: Cell, value: str) -> None:
        """Let sorted sets follow a record. What it was has been checked, as it was read."""
        (place, name), before = cell, self.change.checks.get(cell, ABSENT)
        entries = self._indexed[place]
        old = entries(name, before) if before != ABSENT else {}
        new = entries(name, value) if value != ABSENT else {}
        for index in old.keys() - new.keys():
            self.index(*index, None)
        for index, score in new.items():
            if old.get(index) != score:
                self.index(*index, score)

    def _find(self, cell: Cell) -> str | None:
        change = self.change
        if cell in change.values:
            return change.values[cell]
        if cell in change.checks:
            return change.checks[cell]
        value = self._tentative.get(cell)
        if value is None:
            recent = self._outgoing if cell[0] == "outgoing" else self._known
            value = recent.get(cell)
        if value is not None:
            change.checks[cell] = value
        return value


def flat(cells: Mapping[Cell, Any]) -> list[Any]:
    """As scripts take it: both parts of a cell and its value, then those of the next one."""
    parts: list[Any] = []
    for (place, name), value in cells.items():
        parts += (place, name, value)
    return parts


def bucket_of_id(event_id: str) -> tuple[str, str]:
    """Where an event id is remembered: in one of many small hashes, which Redis keeps in little space."""
    name = remembered_as(event_id)
    return name[:_HEAD], name[_HEAD:]


def ever_cell(event_id: str) -> Cell:
    """What tells whether an event id is known, however long ago it was taken in."""
    return "ever", remembered_as(event_id)


def range_cell(index: str, least: str, greatest: str, limit: int) -> Cell:
    """Stands for members of a sorted set, each in a line: the first `limit` (-1: all) with scores in a range.

    A decision that has read it is checked like one that has read a record.
    """
    return "ranges", f"{index}\n{least}\n{greatest}\n{limit}"


def unknown(view: View, cells: Iterable[Cell]) -> list[Cell]:
    """Which of these records have to be fetched."""
    return [cell for cell in cells if not view.has(cell)]
