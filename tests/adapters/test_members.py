"""Objects taken apart, with names that are there twice."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters._members import all_members, members
from tests.adapters.shapes import JSON

NAMES = st.text(max_size=4)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a":[1],"a":[2]}', {"a": [1, 2]}),
        (b' { "a" : [ 1 ] , "b" : 5 , "a" : [ ] , "a" : [ {"c": 2} ] } ', {"a": [1, {"c": 2}], "b": 5}),
        (b'{"a":{"b":1},"a":{"b":2}}', {"a": [{"b": 1}, {"b": 2}]}),
        (b'{"a":[1],"a":null,"a":{"b":2}}', {"a": [1, {"b": 2}]}),
        (b'{"a":[1],"\\u0061":[2]}', {"a": [1, 2]}),
        (b'{"a":{"b":1},"a":{"b":1}}', {"a": {"b": 1}}),
        (b'{"a":1,"a":"2"}', {"a": "2"}),
        (b"{}", {}),
        (b"{ }", {}),
    ],
)
def test_a_name_that_is_there_twice_loses_no_array_and_no_object(raw: bytes, expected: Any) -> None:
    found = all_members(raw)
    assert found is not None
    assert {name: json.loads(bytes(value)) for name, value in found.items()} == expected


@given(st.dictionaries(NAMES, JSON, max_size=4), st.sampled_from([None, 2]), st.booleans())
def test_without_such_names_it_is_the_same_as_members(
    value: dict[str, Any], indent: int | None, escaped: bool
) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    found, plain = all_members(raw), members(raw)
    assert found is not None and plain is not None
    assert {k: bytes(v) for k, v in found.items()} == {k: bytes(v) for k, v in plain.items()}


def test_what_is_no_object_has_no_members() -> None:
    assert all_members(b"[]") is None and all_members(b'{"a":') is None
