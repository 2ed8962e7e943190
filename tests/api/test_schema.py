"""The schema of a delivered event."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from adapters import ADAPTERS
from adapters.event import Contact, Placement, Window, place
from adapters.names import EVENTS
from adapters.parts import PersonIdentity
from gateway.api.reference.examples import EXAMPLES
from gateway.api.schema import event_schema
from tests.api.arrivals import arrival

ROOT = Path(__file__).resolve().parents[2]
PLACEMENT = Placement(
    conversation_id="conv_fb_x",
    sequence=1,
    received_at_ms=1,
    contact=Contact(id="usr_x", identities=(PersonIdentity(kind="psid", value="7001", scope="1001"),)),
    window=Window(free_form_until=1, human_agent_until=None),
)


def fits(event: Any) -> None:
    """Raise unless it is a delivered event."""
    Draft202012Validator(event_schema()).validate(event)


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(event_schema())


def test_a_placed_event_fits() -> None:
    fits(json.loads(place(arrival(1).body, PLACEMENT)))


@pytest.mark.parametrize("platform", ADAPTERS)
def test_the_golden_events_of_every_platform_fit_and_have_a_known_name(platform: str) -> None:
    files = sorted((ROOT / "adapters" / platform / "samples").glob("*.golden.json"))
    validator = Draft202012Validator(event_schema())
    for file in files:
        for line in json.loads(file.read_text(encoding="utf-8")):
            if "quarantined" not in line:
                validator.validate(line)
                assert line["event"] in EVENTS, file.name
    assert files


def test_an_event_may_grow() -> None:
    fits({**EXAMPLES["Event"], "mood": "sunny"})


@pytest.mark.parametrize("key", ["to", "message", "window", "conversation_id", "raw", "signature_verified"])
def test_a_key_is_absent_and_never_null(key: str) -> None:
    with pytest.raises(ValidationError):
        fits({**EXAMPLES["Event"], key: None})


def test_a_closed_window_is_null() -> None:
    fits({**EXAMPLES["Event"], "window": {"free_form_until": None, "human_agent_until": None}})


@pytest.mark.parametrize("key", ["id", "version", "event", "timestamp"])
def test_what_is_always_there_is_required(key: str) -> None:
    event = {name: value for name, value in EXAMPLES["Event"].items() if name != key}
    with pytest.raises(ValidationError):
        fits(event)


def test_sentences_under_fields_are_in_the_schema() -> None:
    schema = event_schema()
    assert "Unix seconds" in schema["properties"]["timestamp"]["description"]
    assert "without gaps" in schema["properties"]["sequence"]["description"]
    assert (
        "platform's own word" in schema["$defs"]["Attachment"]["properties"]["original_type"]["description"]
    )
