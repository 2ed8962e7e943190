"""Whatever comes as a body is a value or a problem, never a failure."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from gateway.api.bodies import decode
from gateway.api.message_forms import NewMessage
from gateway.api.problems import Problem, ProblemKind
from gateway.api.routes import OPERATIONS

FORMS = sorted({one.body for one in OPERATIONS if one.body}, key=lambda form: form.__name__)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@given(data=st.data())
def test_any_json_under_the_known_names_is_a_value_or_names_a_field(
    form: type[Struct], data: st.DataObject
) -> None:
    names = st.sampled_from(form.__struct_encode_fields__)
    body = data.draw(st.dictionaries(names, VALUES, max_size=4))
    try:
        assert isinstance(decode(json.dumps(body).encode(), form), form)
    except Problem as problem:
        assert problem.errors is None or problem.errors[0].field.split("[")[0].split(".")[0] in (
            form.__struct_encode_fields__
        )


@given(st.binary(max_size=64))
def test_any_bytes_are_a_value_or_a_problem(content: bytes) -> None:
    for form in FORMS:
        with contextlib.suppress(Problem):
            decode(content, form)


@pytest.mark.parametrize("depth", [101, 400, 965, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b'{"a":', b"}"), (b"[", b"]")])
def test_what_is_nested_too_deep_is_a_problem(depth: int, opening: bytes, closing: bytes) -> None:
    content = b'{"override":{"a":' + opening * depth + b"1" + closing * depth + b"}}"
    with pytest.raises(Problem) as raised:
        decode(content, NewMessage)
    assert raised.value.kind is ProblemKind.INVALID_JSON


def test_brackets_in_a_text_are_no_depth() -> None:
    body = {"message": {"type": "text", "body": '[{"\\' * 500}}
    assert isinstance(decode(json.dumps(body).encode(), NewMessage), NewMessage)
