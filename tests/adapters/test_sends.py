"""Each example of an outgoing message still becomes its golden requests."""

import json
from pathlib import Path

import pytest

from adapters import ADAPTERS
from adapters.outgoing import Outgoing
from tests.adapters.samples import ADAPTERS_FOLDER
from tests.adapters.sends import golden, outcome, sends

EVERY = [(platform, name, outgoing) for platform in ADAPTERS for name, outgoing in sends(platform)]


@pytest.mark.parametrize(("platform", "name", "outgoing"), EVERY, ids=lambda value: str(value)[:50])
def test_an_example_becomes_its_golden_requests(platform: str, name: str, outgoing: Outgoing) -> None:
    expected = json.loads(golden(platform, name).read_text(encoding="utf-8"))
    assert outcome(platform, outgoing) == expected


@pytest.mark.parametrize("platform", ADAPTERS)
def test_no_golden_request_has_lost_its_example(platform: str) -> None:
    expected = {golden(platform, name) for name, _ in sends(platform)}
    assert set(Path(ADAPTERS_FOLDER / platform / "sends").glob("*.golden.json")) == expected
