"""Strategies for what Meta might send: right, nearly right, and wrong, made of the wire types themselves."""

from functools import cache
from typing import Any, get_args, get_origin

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from adapters._messenger import wire
from adapters._wire import Wire
from tests.adapters.envelopes import PAGE, PSID, TIME

TEXT = st.sampled_from(
    ["", "a", "0", "1", "2", "image", "sticker", "ig_post", "share", "react", "unreact"]
) | st.text(max_size=8)
NUMBER = st.sampled_from([0, 1, TIME, TIME // 1000, 2**53 + 1, 2**70, -1]) | st.integers()
LEAF = st.none() | st.booleans() | NUMBER | TEXT | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)
"""Any JSON value."""
PARTIES = st.sampled_from(
    [{"id": PSID}, {"id": PAGE}, {"id": 7001}, {"user_ref": "r"}, {"id": PSID, "name": "Anna"}]
)


@cache
def shaped(kind: type[Wire]) -> SearchStrategy[dict[str, Any]]:
    """Objects with members of this type, each as documented or in any other way, and some unknown ones."""
    fields = msgspec.structs.fields(kind)
    members = {field.encode_name: _member(field.type) for field in fields}
    known = st.fixed_dictionaries({}, optional=members)
    return st.builds(lambda some, more: more | some, known, st.dictionaries(TEXT, LEAF, max_size=1))


def _member(type_: Any) -> SearchStrategy[Any]:
    expected = (get_args(type_) or (type_,))[0]
    if get_origin(expected) is list:
        return st.lists(_member(get_args(expected)[0]), max_size=3) | LEAF
    if expected is wire.User:
        return PARTIES | LEAF
    if isinstance(expected, type) and issubclass(expected, Wire):
        return st.deferred(lambda: shaped(expected)) | LEAF
    if expected is str:
        return TEXT | NUMBER | LEAF
    if expected is bool:
        return st.booleans() | LEAF
    return JSON


ITEMS = shaped(wire.Item)
"""Messaging items."""
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "field": st.sampled_from(["messages", "standby", "feed", "comments", "x"]) | LEAF,
        "value": ITEMS | JSON,
    },
)
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from([PAGE, PSID, "0", 1001]) | LEAF,
        "time": NUMBER | LEAF,
        "messaging": st.lists(ITEMS | JSON, max_size=3) | JSON,
        "standby": st.lists(ITEMS, max_size=2),
        "changes": st.lists(CHANGES | JSON, max_size=2),
        "field": LEAF,
        "value": JSON,
        "message": st.lists(ITEMS, max_size=1),
        "other": JSON,
    },
)
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "object": st.sampled_from(["page", "instagram", "whatsapp_business_account", "permissions"]) | LEAF,
        "entry": st.lists(ENTRIES | JSON, max_size=3) | ENTRIES | JSON,
        "extra": JSON,
    },
)
BODIES = ENVELOPES | st.lists(ENVELOPES | JSON, max_size=2) | JSON
"""Whole bodies, of anybody's dialect."""
