"""Pages of lists that are in memory."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from gateway.api.paging import ListQuery, listing


class Thing(Struct, frozen=True, kw_only=True):
    id: str
    created_at: int


THINGS = st.lists(
    st.builds(Thing, id=st.uuids().map(str), created_at=st.integers(0, 3)),
    max_size=12,
    unique_by=lambda one: one.id,
)


def walk(things: list[Thing], limit: int, order: str) -> list[Thing]:
    """All pages, one after the other."""
    found: list[Thing] = []
    cursor = None
    while True:
        query = ListQuery(limit=limit, cursor=cursor, order="asc" if order == "asc" else "desc")
        page = listing(things, query, lambda thing: thing)
        assert len(page.data) <= limit
        found += page.data
        cursor = page.next_cursor
        if cursor is None:
            return found


@given(THINGS, st.integers(1, 5))
def test_pages_together_are_the_list_in_its_order(things: list[Thing], limit: int) -> None:
    expected = sorted(things, key=lambda one: (one.created_at, one.id))
    assert walk(things, limit, "asc") == expected
    assert walk(things, limit, "desc") == expected[::-1]


@given(THINGS, st.integers(0, 3))
def test_a_newer_item_moves_no_page(things: list[Thing], created_at: int) -> None:
    first = listing(things, ListQuery(limit=1), lambda thing: thing)
    if first.next_cursor is None:
        return
    newer = Thing(id="~", created_at=first.data[0].created_at)
    rest = ListQuery(limit=100, cursor=first.next_cursor)
    assert listing([*things, newer], rest, str) == listing(things, rest, str)
