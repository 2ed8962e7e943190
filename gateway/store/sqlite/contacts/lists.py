"""Lists of contacts: newest first, each page of it a few indexed reads."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from typing import Any

from gateway.store.contact import ContactFilter, KnownContact
from gateway.store.paging import page_of, position
from gateway.store.records import Page, PageRequest
from gateway.store.sqlite.contacts.reads import known_contact
from gateway.store.sqlite.layout.paging import Conditions, direction
from gateway.store.sqlite.layout.visibility import own_pages

_ANY = ("contacts k", "k.key")
_BY_IDENTITY = ("identities i CROSS JOIN contacts k ON k.key = i.contact", "k.key")
_BY_PAGE = ("conversations c CROSS JOIN contacts k ON k.key = c.contact", "c.contact")
_BY_ENCOUNTER = ("encounters c CROSS JOIN contacts k ON k.key = c.contact", "k.key")
_HAS = "EXISTS (SELECT 1 FROM identities WHERE contact = k.key AND {condition})"
_STALE = """
    EXISTS (
        SELECT 1 FROM identities o JOIN stale_identities s
        ON s.platform = o.platform AND s.scope = o.scope AND s.identity = o.key WHERE o.contact = k.key
    ) = ?
"""
_KNOWN_TO = """
    EXISTS (
        SELECT 1 FROM {met} m CROSS JOIN pages p ON p.key = m.page
        LEFT JOIN accounts a USING (platform, page_id)
        WHERE m.contact = k.key AND {conditions}
    )
"""
_PAGE_KEYS = """
    SELECT key FROM pages WHERE (?1 IS NULL OR platform = ?1) AND (?2 IS NULL OR page_id = ?2)
"""


def list_contacts(
    connection: sqlite3.Connection, customer_id: str | None, which: ContactFilter, request: PageRequest
) -> Page[KnownContact]:
    """One page. Raises InvalidCursor."""
    find = _on_pages if which.identity is None else _by_identity
    return page_of(
        find(connection, customer_id, which, request),
        request,
        lambda key: known_contact(connection, customer_id, key),
        lambda one: one.cursor,
    )


def _by_identity(
    connection: sqlite3.Connection, customer_id: str | None, which: ContactFilter, request: PageRequest
) -> list[int]:
    """Whoever has the identity, and of these who may be seen: whatever the number of people and of pages."""
    conditions = _conditions(which)
    seen = Conditions()
    seen.add("a.customer_id = ?", customer_id)
    seen.add("p.page_id = ?", which.page_id)
    if seen.values:
        either = (_KNOWN_TO.format(met=met, conditions=seen) for met in ("conversations", "encounters"))
        conditions.add(f"({' OR '.join(either)})", *seen.values, *seen.values)
    return _read(connection, _BY_IDENTITY, conditions, request)


def _on_pages(
    connection: sqlite3.Connection, customer_id: str | None, which: ContactFilter, request: PageRequest
) -> list[int]:
    """The first keys behind the cursor, one more than asked for.

    Each page is read by itself, in order, so that no list of a million people has to be sorted.
    """
    pages = _pages(connection, customer_id, which)
    if pages is None:
        return _read(connection, _ANY, _conditions(which), request)
    found: set[int] = set()
    for page in pages:
        for source in (_BY_PAGE, _BY_ENCOUNTER):
            conditions = _conditions(which)
            conditions.add("c.page = ?", page)
            found.update(_read(connection, source, conditions, request))
    return sorted(found, reverse=not request.ascending)[: request.limit + 1]


def _pages(connection: sqlite3.Connection, customer_id: str | None, which: ContactFilter) -> set[int] | None:
    """The pages through which one looks; None: any."""
    if customer_id is None and which.page_id is None:
        return None
    chosen = {page for (page,) in connection.execute(_PAGE_KEYS, (which.platform, which.page_id))}
    return chosen if customer_id is None else chosen & own_pages(connection, customer_id)


def _conditions(which: ContactFilter) -> Conditions:
    conditions = Conditions()
    conditions.add("k.merged_into IS NULL AND ?", 1)
    if which.identity is None:
        conditions.add(_HAS.format(condition="kind = ?"), which.kind)
        conditions.add(_HAS.format(condition="platform = ?"), which.platform)
    else:
        conditions.add("i.value = ?", which.identity)
        conditions.add("i.kind = ?", which.kind)
        conditions.add("i.platform = ?", which.platform)
    if which.name is not None:
        conditions.add("k.name LIKE ? ESCAPE '\\'", _pattern(which.name))
    conditions.add(_STALE, which.stale)
    return conditions


def _pattern(start: str) -> str:
    """What LIKE is asked for a beginning; it compares ASCII letters in either case."""
    for character in "\\%_":
        start = start.replace(character, f"\\{character}")
    return f"{start}%"


def _read(
    connection: sqlite3.Connection, source: tuple[str, str], conditions: Conditions, request: PageRequest
) -> list[int]:
    tables, key = source
    comparison, order = direction(request)
    (last,) = position(request, 1) or (None,)
    conditions.add(f"{key} {comparison} ?", last)
    query = f"SELECT DISTINCT {key} FROM {tables} WHERE {conditions} ORDER BY {key} {order} LIMIT ?"
    rows: list[Any] = connection.execute(query, (*conditions.values, request.limit + 1)).fetchall()
    return [key for (key,) in rows]
