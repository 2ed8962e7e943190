"""Whatever comes as a body is a value or a problem, never a failure."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from gateway.api.bodies import decode
from gateway.api.problems import Problem
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
