"""The names of events, and the filters made of them."""

import re
from pathlib import Path

import pytest

from adapters.names import EVENTS, FAMILIES, is_pattern

ADDED = {"endpoint.failing", "delivery.dead"}
"""What the contract allows to be added, and docs/decisions.md gives the reason for."""


@pytest.mark.parametrize("pattern", ["message.received", "message.*", "test", "unknown", "endpoint.*"])
def test_names_and_families_are_patterns(pattern: str) -> None:
    assert is_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["*", "message", "message.", "message.x", "test.*", ".*", "", "Message.*"]
)
def test_nothing_else_is(pattern: str) -> None:
    assert not is_pattern(pattern)


def test_every_name_has_one_dot_or_none_and_one_sentence() -> None:
    for name, sentence in EVENTS.items():
        assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?", name)
        assert sentence.endswith(".")
    assert "message" in FAMILIES


def test_the_names_are_those_of_the_contract_and_what_was_added(shared: Path) -> None:
    section = (shared / "EVENTS.md").read_text(encoding="utf-8").partition("## 3.")[2].partition("## 4.")[0]
    columns = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    named = {name for column in columns for name in re.findall(r"`([a-z_.]+)`", column)}
    assert set(EVENTS) - ADDED == named - ADDED
    assert set(EVENTS) >= ADDED
