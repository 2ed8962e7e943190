"""Each sample still gives its golden events. `python -m tests.adapters.regenerate` writes them anew."""

import json
from pathlib import Path

import pytest

from adapters import ADAPTERS
from tests.adapters.samples import events, golden, platform, samples


@pytest.mark.parametrize("sample", samples(), ids=lambda path: f"{platform(path)}-{path.stem}")
def test_a_sample_gives_its_golden_events(sample: Path) -> None:
    assert events(sample) == json.loads(golden(sample).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ADAPTERS)
def test_every_platform_ships_samples(name: str) -> None:
    assert [sample for sample in samples() if platform(sample) == name]


def test_no_golden_file_has_lost_its_sample() -> None:
    expected = {golden(sample) for sample in samples()}
    found = {path for sample in samples() for path in sample.parent.glob("*.golden.json")}
    assert found == expected
