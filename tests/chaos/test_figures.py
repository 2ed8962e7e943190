"""How a row is counted."""

from tests.chaos.customer import Arrival
from tests.chaos.figures import count, missing
from tests.receivers import Delivery


def arrival(number: int, webhook_id: str | None = None) -> Arrival:
    mid = f"m_7001_{number:06}"
    body = f'{{"message":{{"id":"{mid}"}}}}'.encode()
    return Arrival(Delivery(webhook_id or f"evt_{number}", {}, body))


ACCEPTED = [f"m_7001_{number:06}" for number in range(3)]


def test_a_clean_run_shows_nothing_wrong() -> None:
    figures = count(ACCEPTED, [[arrival(0), arrival(1), arrival(2)]])
    assert (figures.delivered, figures.duplicated, figures.lost, figures.disordered) == (3, 0, 0, 0)


def test_a_repeat_is_a_duplicate_and_no_disorder() -> None:
    figures = count(ACCEPTED, [[arrival(0), arrival(1), arrival(0), arrival(2)]])
    assert (figures.duplicated, figures.disordered, figures.other_ids) == (1, 0, 0)


def test_a_repeat_under_another_id_is_seen() -> None:
    assert count(ACCEPTED, [[arrival(0), arrival(0, "evt_other")]]).other_ids == 1


def test_a_message_behind_a_later_one_is_out_of_order() -> None:
    assert count(ACCEPTED, [[arrival(0), arrival(2), arrival(1)]]).disordered == 1


def test_what_never_arrived_is_lost_at_each_endpoint() -> None:
    arrivals = [arrival(0), arrival(2)]
    assert count(ACCEPTED, [arrivals, arrivals]).lost == 2
    assert missing(ACCEPTED, arrivals) == {ACCEPTED[1]}
