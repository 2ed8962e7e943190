"""Leaves of any type, and the canonical form of JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters._values import canonical, degrees, flag, milliseconds, text, with_text_ids

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("x", "x"),
        (17841400000000042, "17841400000000042"),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
    ],
)
def test_text_takes_strings_and_numbers(given: Any, expected: str | None) -> None:
    assert text(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        1764009200123,
        "1764009200123",
        1764009200.123,
        "2025-11-24T18:33:20.123+0000",
        "2025-11-24T19:33:20.123+01:00",
    ],
)
def test_a_time_may_be_written_in_many_ways(given: Any) -> None:
    assert milliseconds(given) == 1764009200123


@pytest.mark.parametrize("given", [1764009200, "1764009200", "2025-11-24T18:33:20Z"])
def test_seconds_are_told_by_their_size(given: Any) -> None:
    assert milliseconds(given) == 1764009200000


@pytest.mark.parametrize(
    "given",
    [None, "", "soon", True, 0, -5, "-5", 10**14, 1e300, "9" * 30, "2025-11-24T18:33:20", {}, [1], "²"],
)
def test_what_is_no_time_is_none(given: Any) -> None:
    assert milliseconds(given) is None


@given(JSON)
def test_no_leaf_is_too_odd(value: Any) -> None:
    text(value), milliseconds(value), flag(value), degrees(value), with_text_ids(value)


@pytest.mark.parametrize(("given", "expected"), [(True, True), (1, True), ("true", True), (False, False)])
def test_a_flag_may_be_a_number_or_text(given: Any, expected: bool) -> None:
    assert flag(given) is expected


@pytest.mark.parametrize("given", [0, "false", "", None, {}, "yes", 2])
def test_everything_else_is_no_flag(given: Any) -> None:
    assert flag(given) is False


@pytest.mark.parametrize("given", [50.5, "50.5"])
def test_degrees_may_be_text(given: Any) -> None:
    assert degrees(given) == 50.5


@pytest.mark.parametrize("given", [None, "north", "nan", "inf", {}, 10**400])
def test_what_is_no_finite_number_is_no_degree(given: Any) -> None:
    assert degrees(given) is None


@given(JSON)
def test_canonical_json_is_json_of_the_same_value(value: Any) -> None:
    assert json.loads(canonical(json.dumps(value).encode())) == value


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=6), st.randoms())
def test_order_and_spaces_do_not_matter(value: dict[str, Any], random: Any) -> None:
    keys = list(value)
    random.shuffle(keys)
    shuffled = json.dumps({key: value[key] for key in keys}, indent=3)
    assert canonical(shuffled.encode()) == canonical(json.dumps(value).encode())


def test_numbers_stay_as_written() -> None:
    assert canonical(b'{"b":1.0,"a":9007199254740993}') == b'{"a":9007199254740993,"b":1.0}'
    assert canonical(b"[1.0]") != canonical(b"[1]")
    assert canonical(b'["1"]') != canonical(b"[1]")
    assert canonical(b"[1e400]") == b"[1e400]"


@given(JSON)
def test_the_quick_way_to_canonical_json_is_no_other(value: Any) -> None:
    raw = json.dumps(value).encode()
    # The escape sends the second one the careful way.
    assert canonical(b'[%b,"\\u0061"]' % raw) == b'[%b,"a"]' % canonical(raw)


def test_ids_become_strings_at_any_depth_and_nulls_go() -> None:
    value: dict[str, Any] = {
        "id": 5,
        "products": [{"product_id": 7, "count": 2, "tag_ids": [1, "2"]}],
        "flow_id": None,
    }
    expected = {"id": "5", "products": [{"product_id": "7", "count": 2, "tag_ids": ["1", "2"]}]}
    assert with_text_ids(value) == expected
