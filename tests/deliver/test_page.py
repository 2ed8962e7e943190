"""docs/delivery.md says what the code does."""

from typing import get_args

import pytest

from gateway.deliver import circuit, dispatcher, patience, policy
from gateway.deliver.exchange import Error
from gateway.settings import SETTINGS
from gateway.store.base import LEASE_MARGIN_MS
from tests.conftest import REPOSITORY
from tests.deliver.stage import endpoint

PAGE = " ".join((REPOSITORY / "docs" / "delivery.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    "said",
    [
        f"the first {policy.KEPT_RESPONSE_BYTES // 1_024} KiB of the answer",
        f"{endpoint().timeout_ms // 1_000} s for the whole exchange",
        f"default {endpoint().concurrency} |",
        f"{dispatcher.IN_FLIGHT_LIMIT:,} |",
        f"tried again after {policy.FAULT_PAUSE_MS // 1_000} s",
        f"varied by up to {policy.VARIATION:.0%}".replace("%", " %"),
        f"has failed for {policy.YIELD_AFTER_MS // 1_000} s",
        f"{circuit.THRESHOLD} different deliveries",
        f"after {circuit.FIRST_PAUSE_MS // 1_000} s, then after",
        f"8 … {circuit.LONGEST_PAUSE_MS // 1_000} s",
        f"from {patience.FIRST_PAUSE_SECONDS:g} s to {patience.LONGEST_PAUSE_SECONDS:g} s",
        f"deadline plus {LEASE_MARGIN_MS // 1_000} s",
        ", ".join(f"`{word}`" for word in policy.ABORTS),
    ],
)
def test_the_page_states_the_figures_of_the_code(said: str) -> None:
    assert said in PAGE


def test_the_page_names_every_error_class() -> None:
    for error in (*get_args(Error), "status"):
        assert error == "internal" or error in PAGE, error


def test_the_page_counts_the_attempts_of_the_default_schedule() -> None:
    (schedule,) = (setting.default for setting in SETTINGS if setting.name == "retry_schedule")
    assert schedule is not None and len(schedule.split(",")) + 1 == 11
    assert "eleven attempts" in PAGE
