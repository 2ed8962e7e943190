"""Typed decoding, and its tolerant half."""

import json
from typing import Any

import pytest
from hypothesis import given

from adapters._messenger import wire
from adapters._wire import Wire, load, parse, salvage
from tests.adapters.shapes import ITEMS


class Leg(Wire, frozen=True):
    length: int | str | None = None


class Table(Wire, frozen=True):
    name: str | None = None
    round: bool = False
    legs: list[Leg] | None = None
    notes: list[str] | None = None
    extra: dict[str, Any] | None = None


@given(ITEMS)
def test_both_ways_give_the_same_value(item: dict[str, Any]) -> None:
    raw = json.dumps(item).encode()
    assert load(wire.Item, raw) == salvage(wire.Item, raw)


def test_a_member_that_cannot_be_read_harms_no_other() -> None:
    raw = b'{"name":{"a":1},"round":"true","legs":[{"length":7},5,{"length":[]}],"notes":["x",2,null]}'
    assert load(Table, raw) == Table(round=True, legs=[Leg(length=7), Leg()], notes=["x", "2"])


def test_numbers_where_text_is_expected_keep_their_digits() -> None:
    assert load(Table, b'{"name":17841400000000042}').name == "17841400000000042"
    assert load(Leg, b'{"length":123456789012345678901234567890}').length == 123456789012345678901234567890


@pytest.mark.parametrize("number", ["12345678901234567.0", "12345678901234568.00", "1.5", "1e5"])
def test_a_float_where_text_is_expected_is_kept_as_written(number: str) -> None:
    assert load(Table, b'{"name":%b}' % number.encode()).name == number


def test_a_float_that_may_lose_digits_is_kept_as_written_anywhere() -> None:
    raw = b'{"extra":{"id":12345678901234567.0,"price":1.5,"b":[-1.2345678901234567e+19]}}'
    extra = {"id": "12345678901234567.0", "price": 1.5, "b": ["-1.2345678901234567e+19"]}
    assert load(Table, raw).extra == parse(raw)["extra"] == extra


def test_null_and_unknown_members_are_absent() -> None:
    assert load(Table, b'{"name":null,"legs":null,"colour":"red"}') == Table()


def test_a_number_too_large_for_a_number_is_kept_as_written() -> None:
    assert parse(b'{"a":1e999,"b":[2]}') == {"a": "1e999", "b": ["2"]}
    assert load(Table, b'{"name":"oak","extra":{"a":1e999}}') == Table(name="oak", extra={"a": "1e999"})


@pytest.mark.parametrize("raw", [b'{"name":"\xff"}', b'{"extra":{"a":1e999,"b":"\xff"}}'])
def test_what_is_not_utf_8_is_not_read(raw: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        load(Table, raw)
