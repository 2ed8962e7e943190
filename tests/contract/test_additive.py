"""Version "1" of the event only ever grows: a field is never renamed, retyped or removed.

`event-1.json` is what customers were promised. After a change that only adds, write it anew with
`python -m tests.contract.regenerate`, which refuses any other change.
"""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.api.schema import event_schema
from tests.contract.promise import PROMISE, breaches


def test_the_promise_is_kept() -> None:
    assert breaches(json.loads(PROMISE.read_text(encoding="utf-8")), event_schema()) == []


def test_the_promise_is_up_to_date() -> None:
    assert json.loads(PROMISE.read_text(encoding="utf-8")) == event_schema()


def _remove(schema: dict[str, Any]) -> None:
    del schema["properties"]["page_id"]


def _retype(schema: dict[str, Any]) -> None:
    schema["properties"]["timestamp"]["type"] = "string"


def _no_longer_always_there(schema: dict[str, Any]) -> None:
    schema["required"].remove("id")


def _remove_below(schema: dict[str, Any]) -> None:
    del schema["$defs"]["Attachment"]["properties"]["url"]


@pytest.mark.parametrize("change", [_remove, _retype, _no_longer_always_there, _remove_below])
def test_a_change_that_breaks_a_handler_is_found(change: Any) -> None:
    changed = copy.deepcopy(event_schema())
    change(changed)
    assert len(breaches(event_schema(), changed)) == 1


def test_an_added_field_is_no_breach(tmp_path: Path) -> None:
    changed = copy.deepcopy(event_schema())
    changed["properties"]["mood"] = {"type": "string"}
    assert breaches(event_schema(), changed) == []
