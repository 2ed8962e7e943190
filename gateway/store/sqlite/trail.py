"""Where a person's data may be: what an erasure looks for, and the reads that find it."""

import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from adapters.base import Identity
from gateway.contacts.naming import names
from gateway.store.erasure import ErasurePlan
from gateway.store.sqlite.visibility import own_pages, owners_of

SCANNED = 2_000
"""Events looked at in one read."""
_PLATFORM_PAGES = "SELECT key FROM pages WHERE platform = ?"
_PAGE_OF_SCOPE = "SELECT key FROM pages WHERE platform = ? AND page_id = ?"
_LAST = "SELECT max(key) FROM events"
_IDENTITIES = "SELECT kind, value, scope FROM identities WHERE contact = ?"
_IDS = "SELECT id FROM contacts WHERE key = ?1 OR merged_into = ?1"
_CONVERSATIONS = """
    SELECT key, id, page FROM conversations WHERE contact = ?1 OR continued_by IN
    (SELECT key FROM conversations WHERE contact = ?1)
"""
_BY_IDENTITY = """
    SELECT contact FROM identities
    WHERE platform = ?1 AND kind = ?2 AND value = ?4 AND (?3 = '' OR scope = ?3)
"""
_BY_ID = "SELECT coalesce(merged_into, key) FROM contacts WHERE id = ?"
_EVENTS = """
    SELECT key, page, conversation, body, envelope FROM events
    WHERE key > ? AND key <= ? ORDER BY key LIMIT ?
"""
_PAGE_SCOPED = frozenset({"psid", "igsid", "user_ref"})


class Trail(Struct, frozen=True, kw_only=True):
    """All that is known of whom to erase. It goes with the last step."""

    plan: ErasurePlan
    contact: int | None
    contact_id: str | None
    values: tuple[str, ...]
    """Ids that name the person."""
    conversations: tuple[int, ...]
    conversation_ids: tuple[str, ...]
    pages: tuple[int, ...]
    """Where the ids mean this person."""
    until: int
    """The last event of the time before: who comes back is somebody new."""
    customer_ids: tuple[str, ...]
    whole: bool
    """Nothing of the person is kept for another customer."""


class Traces(Struct, frozen=True):
    """Events of the person among those that were looked at."""

    events: tuple[int, ...]
    position: int
    more: bool


def contact_of(connection: sqlite3.Connection, plan: ErasurePlan) -> int | None:
    """The key of the contact that a plan names."""
    if plan.contact_id is not None:
        row = connection.execute(_BY_ID, (plan.contact_id,)).fetchone()
    elif plan.identity is not None:
        one = plan.identity
        row = connection.execute(_BY_IDENTITY, (plan.platform, one.kind, one.scope, one.value)).fetchone()
    return None if row is None else int(row[0])


def lay(connection: sqlite3.Connection, plan: ErasurePlan, contact: int | None) -> Trail:
    """What to look for, from what is known before anything is deleted."""
    identities = {plan.identity} if plan.identity is not None else set()
    ids: list[str] = []
    conversations: list[tuple[int, str, int]] = []
    owners: set[str | None] = set()
    if contact is not None:
        identities |= {Identity(*row) for row in connection.execute(_IDENTITIES, (contact,))}
        ids = [identifier for (identifier,) in connection.execute(_IDS, (contact,))]
        conversations = connection.execute(_CONVERSATIONS, (contact,)).fetchall()
        owners = owners_of(connection, contact)
    pages = _pages(connection, plan, identities) | {page for _, _, page in conversations}
    if plan.customer_id is not None:
        pages &= own_pages(connection, plan.customer_id)
        conversations = [one for one in conversations if one[2] in pages]
    whole = plan.customer_id is None or not owners - {plan.customer_id, None}
    concerned = owners - {None} if plan.customer_id is None else {plan.customer_id}
    return Trail(
        plan=plan,
        contact=contact,
        contact_id=ids[0] if ids else None,
        values=tuple(sorted({one.value for one in identities} | set(ids))),
        conversations=tuple(key for key, _, _ in conversations),
        conversation_ids=tuple(identifier for _, identifier, _ in conversations),
        pages=tuple(sorted(pages)),
        until=connection.execute(_LAST).fetchone()[0] or 0,
        customer_ids=tuple(sorted(owner for owner in concerned if owner is not None)),
        whole=whole,
    )


def find(connection: sqlite3.Connection, trail: Trail, position: int) -> Traces:
    """The person's events among the next ones behind `position`."""
    rows = connection.execute(_EVENTS, (position, trail.until, SCANNED)).fetchall()
    found = tuple(row[0] for row in rows if _is_theirs(trail, row[1:]))
    return Traces(found, rows[-1][0] if rows else trail.until, len(rows) == SCANNED)


def _is_theirs(trail: Trail, row: Sequence[object]) -> bool:
    page, conversation, body, envelope = row
    if conversation in trail.conversations:
        return True
    if page not in trail.pages:
        return False
    return any(names(part, trail.values) for part in (body, envelope) if isinstance(part, bytes))


def _pages(connection: sqlite3.Connection, plan: ErasurePlan, identities: set[Identity]) -> set[int]:
    """The pages on which these ids mean this person: a PSID of another page is somebody else."""
    found: set[int] = set()
    for identity in identities:
        if identity.kind in _PAGE_SCOPED:
            found |= {page for (page,) in connection.execute(_PAGE_OF_SCOPE, (plan.platform, identity.scope))}
        elif identity.kind != "asid":
            found |= {page for (page,) in connection.execute(_PLATFORM_PAGES, (plan.platform,))}
    return found
