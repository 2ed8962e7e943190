"""The records of a decision: what it has read is checked, what it writes is seen by those after it."""

from itertools import count
from uuid import UUID

import pytest

from gateway.store.redis.records.view import ABSENT, Missing, View
from tests.store.samples import NOW

CELL = ("contacts", "1")


@pytest.fixture
def view() -> View:
    numbers = count(1)
    made = View(lambda: UUID(int=next(numbers)))
    made.begin(NOW, [])
    return made


def test_a_record_that_is_not_known_is_missing(view: View) -> None:
    with pytest.raises(Missing) as missing:
        view.get(CELL)
    assert missing.value.cell == CELL


def test_what_was_read_is_checked(view: View) -> None:
    view.learn(CELL, "a")
    assert view.get(CELL) == "a" and view.change.checks == {CELL: "a"}


def test_absence_is_presumed_and_checked(view: View) -> None:
    assert view.presume_absent(CELL) == ABSENT
    assert view.change.checks == {CELL: ABSENT}


def test_a_decision_sees_what_it_wrote_and_checks_only_what_it_read(view: View) -> None:
    view.put(CELL, "mine")
    assert view.get(CELL) == "mine" and view.change.checks == {}


def test_the_next_decision_builds_on_the_one_before_and_checks_it(view: View) -> None:
    view.put(CELL, "first")
    view.remember_id("evt_1", stored=True)
    view.accept()
    view.begin(NOW, [])
    assert view.get(CELL) == "first" and view.knows_id("evt_1")
    assert (view.change.checks, view.change.seen) == ({CELL: "first"}, {"evt_1": True})


def test_a_decision_that_was_not_committed_leaves_nothing(view: View) -> None:
    view.put(CELL, "first")
    view.remember_id("evt_1", stored=True)
    view.accept()
    view.restart()
    view.begin(NOW, [])
    assert not view.knows_id("evt_1")
    with pytest.raises(Missing):
        view.get(CELL)


def test_a_decision_that_is_repeated_draws_the_same_ids(view: View) -> None:
    drawn: list[UUID] = []
    rounds = []
    for _ in range(2):
        view.begin(NOW, drawn)
        rounds.append([view.draw(), view.draw()])
    assert rounds[0] == rounds[1] and len(set(rounds[0])) == 2
