"""The YAML that is written means what was meant, to readers of YAML 1.1 too."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gateway.api.yaml import render

PRINTABLE = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]) | st.sampled_from("\n\t")
TEXT = st.text(PRINTABLE, max_size=200)
LEAVES = st.none() | st.booleans() | st.integers() | TEXT
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    assert yaml.safe_load(render(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Off",
        "null",
        "1",
        "1.5",
        "0x1f",
        "12:30",
        "2026-01-01",
        "~",
        "- a",
        "a: b",
        "a #b",
        " a",
        "a ",
        "",
    ],
)
def test_text_stays_text(text: str) -> None:
    assert yaml.safe_load(render({"key": text, "keys": [text]})) == {"key": text, "keys": [text]}


def test_long_text_is_folded_and_paragraphs_are_kept() -> None:
    long = "word " * 60 + "end"
    prose = "First paragraph.\n\nSecond one,\nin two lines.\n"
    written = render({"long": long, "prose": prose})
    assert max(map(len, written.splitlines())) < 110
    assert "prose: |\n  First paragraph.\n\n  Second one," in written
    assert yaml.safe_load(written) == {"long": long, "prose": prose}
