"""Which pages, and through them which people, a customer may see."""

import sqlite3

_OWN_PAGES = """
    SELECT pages.key FROM accounts JOIN pages USING (platform, page_id)
    WHERE ?1 IS NULL OR accounts.customer_id = ?1
"""
_KEY = "SELECT coalesce(merged_into, key) FROM contacts WHERE id = ?"
_OWNERS = """
    SELECT a.customer_id FROM conversations m CROSS JOIN pages p ON p.key = m.page
    LEFT JOIN accounts a USING (platform, page_id) WHERE m.contact = ?1
    UNION
    SELECT a.customer_id FROM encounters m CROSS JOIN pages p ON p.key = m.page
    LEFT JOIN accounts a USING (platform, page_id) WHERE m.contact = ?1
"""


def own_pages(connection: sqlite3.Connection, customer_id: str | None) -> set[int]:
    """The keys of a customer's pages; of all connected ones for the operator."""
    return {page for (page,) in connection.execute(_OWN_PAGES, (customer_id,))}


def owners_of(connection: sqlite3.Connection, contact: int) -> set[str | None]:
    """Who owns the pages that know a contact; None among them: a page that nobody owns."""
    return {owner for (owner,) in connection.execute(_OWNERS, (contact,))}


def contact_key(connection: sqlite3.Connection, customer_id: str | None, contact_id: str) -> int | None:
    """The key of a contact that the customer may see, by its own id or one that was merged into it."""
    row = connection.execute(_KEY, (contact_id,)).fetchone()
    if row is None or (customer_id is not None and customer_id not in owners_of(connection, row[0])):
        return None
    return int(row[0])
