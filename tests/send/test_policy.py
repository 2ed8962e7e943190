"""What follows from an answer."""

from msgspec.structs import replace

from adapters.sending import SendError, Sent
from gateway.send.policy import LIMITED_FOR_MS, SCHEDULE, verdict
from gateway.store.outgoing import Part, Progress

NOW = 1_767_225_600_000
FRESH = Progress(parts=(Part(),), due_at=NOW)
TEMPORARY = SendError(code="temporary", retryable=True)
LIMITED = SendError(code="rate_limited", retryable=True, scope="account")


def test_taken_is_accepted() -> None:
    assert verdict(Sent(message_id="m"), FRESH, NOW, NOW).step == "accepted"


def test_a_passing_failure_is_tried_by_the_schedule_and_then_final() -> None:
    for tried, seconds in enumerate(SCHEDULE):
        decided = verdict(TEMPORARY, replace(FRESH, tried=tried), NOW, NOW)
        assert (decided.step, decided.due_at) == ("failing", NOW + 1_000 * seconds)
    assert verdict(TEMPORARY, replace(FRESH, tried=len(SCHEDULE)), NOW, NOW).step == "refused"


def test_what_may_have_been_sent_is_not_tried_again() -> None:
    assert verdict(replace(TEMPORARY, ambiguous=True), FRESH, NOW, NOW).step == "unsettled"


def test_a_limit_backs_off_by_powers_of_four_and_stops_the_account() -> None:
    waits = [verdict(LIMITED, replace(FRESH, tried=tried), NOW, NOW) for tried in range(6)]
    assert [(one.due_at or 0) - NOW for one in waits] == [1_000, 4_000, 16_000, 64_000, 256_000, 300_000]
    assert all(one.account_stops_until == one.due_at for one in waits)


def test_a_limit_of_one_recipient_stops_nobody_else() -> None:
    assert verdict(replace(LIMITED, scope="recipient"), FRESH, NOW, NOW).account_stops_until is None


def test_what_the_platform_asks_for_is_waited() -> None:
    decided = verdict(replace(LIMITED, retry_after=90), FRESH, NOW, NOW)
    assert decided.due_at == NOW + 90_000


def test_a_limit_that_never_lifts_is_a_failure_after_a_day() -> None:
    assert verdict(LIMITED, FRESH, NOW - LIMITED_FOR_MS, NOW).step == "refused"


def test_done_before_is_a_success_only_after_an_attempt_of_ours() -> None:
    done = SendError(code="invalid", retryable=False, already_done=True)
    assert verdict(done, FRESH, NOW, NOW).step == "refused"
    assert verdict(done, replace(FRESH, tried=1), NOW, NOW).step == "accepted"


def test_everything_else_is_final() -> None:
    blocked = SendError(code="blocked_by_user", retryable=False)
    assert verdict(blocked, FRESH, NOW, NOW).step == "refused"
