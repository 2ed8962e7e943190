"""When a claim is worth making, and for how many of which kind."""

from gateway.deliver.agenda import RECHECK_MS, Agenda, Share

NOW = 1_000_000


def test_nothing_is_asked_for_while_nothing_is_known() -> None:
    assert Agenda().split(10, 5, NOW) == Share(0, 0)
    assert Agenda().next_due(retries=True) is None


def test_all_free_slots_go_to_the_only_kind_that_waits() -> None:
    agenda = Agenda()
    agenda.expect_first(NOW)
    assert agenda.split(10, 5, NOW) == Share(10, 0)
    agenda.expect_retry(NOW)
    assert agenda.split(10, 5, NOW) == Share(0, 5)


def test_where_both_kinds_wait_they_share_and_take_turns_with_the_last_slot() -> None:
    agenda, shares = Agenda(), []
    for _ in range(4):
        agenda.expect(NOW)
        shares.append(agenda.split(1, 5, NOW))
    assert shares == [Share(0, 1), Share(1, 0)] * 2
    agenda.expect(NOW)
    assert agenda.split(10, 5, NOW) == Share(5, 5)


def test_the_earliest_time_counts() -> None:
    agenda = Agenda()
    agenda.expect_first(NOW + 9)
    agenda.expect_retry(NOW + 5)
    agenda.expect_retry(NOW + 7)
    assert (agenda.next_due(retries=True), agenda.next_due(retries=False)) == (NOW + 5, NOW + 9)


def test_a_filled_claim_means_that_there_may_be_more() -> None:
    agenda = Agenda()
    agenda.expect_first(NOW)
    agenda.learn(agenda.split(2, 1, NOW), Share(2, 0), NOW, NOW)
    assert agenda.next_due(retries=True) == NOW


def test_an_exhausted_claim_waits_for_the_next_due_time() -> None:
    agenda = Agenda()
    agenda.expect_first(NOW)
    agenda.learn(agenda.split(2, 1, NOW), Share(1, 0), NOW + 500, NOW)
    assert agenda.next_due(retries=True) == NOW + 500


def test_a_kind_that_is_exhausted_is_not_asked_for_in_a_circle() -> None:
    agenda = Agenda()
    agenda.expect(NOW)
    agenda.learn(agenda.split(4, 2, NOW), Share(2, 0), NOW, NOW)
    assert agenda.split(2, 2, NOW) == Share(2, 0)
    assert agenda.next_due(retries=True) == NOW + RECHECK_MS


def test_what_becomes_known_during_a_claim_outlives_its_answer() -> None:
    agenda = Agenda()
    agenda.expect_first(NOW)
    asked = agenda.split(2, 1, NOW)
    agenda.expect_first(NOW + 1)
    agenda.learn(asked, Share(0, 0), None, NOW)
    assert agenda.next_due(retries=True) == NOW + 1
