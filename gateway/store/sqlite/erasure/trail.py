"""Where a person's data may be: what an erasure looks for, and the reads that find it."""

import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from adapters.base import Identity
from gateway.contacts.naming import names
from gateway.contacts.reach import happened_within, scopes_of, sought
from gateway.contacts.resolution import GIVEN, PAGE_SCOPED
from gateway.store.erasure import Concerned, ErasurePlan
from gateway.store.sqlite.layout.visibility import own_pages, owners_of

SCANNED = 2_000
"""Events looked at in one read."""
_PLATFORM_PAGES = "SELECT key FROM pages WHERE platform = ?"
_PAGE_OF_SCOPE = "SELECT key FROM pages WHERE platform = ? AND page_id = ?"
_LAST = "SELECT max(key) FROM events"
_IDENTITIES = "SELECT kind, value, scope FROM identities WHERE contact = ?"
_IDS = "SELECT id FROM contacts WHERE key = ?1 OR merged_into = ?1 ORDER BY key"
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


class Trail(Struct, frozen=True, kw_only=True):
    """All that is known of whom to erase. It goes with the last step."""

    plan: ErasurePlan
    contacts: tuple[int, ...]
    identities: tuple[Identity, ...]
    """By which they are known not to be made anew."""
    values: tuple[str, ...]
    """Ids that name the person …"""
    scopes: tuple[str, ...]
    """… on these pages and in these WhatsApp accounts."""
    conversations: tuple[int, ...]
    conversation_ids: tuple[str, ...]
    pages: tuple[int, ...]
    """Outside of which there is nothing to look for."""
    until: int
    """The last event of the time before: who comes back is somebody new."""
    concerned: tuple[Concerned, ...]
    whole: bool
    """Nothing of the person is kept for another customer."""


class Traces(Struct, frozen=True):
    """Events of the person among those that were looked at."""

    events: tuple[int, ...]
    position: int
    more: bool


def contacts_of(connection: sqlite3.Connection, plan: ErasurePlan) -> tuple[int, ...]:
    """The keys of the contacts that a plan names."""
    rows = connection.execute(_BY_ID, (plan.contact_id,)).fetchall()
    for one in plan.identities:
        rows += connection.execute(_BY_IDENTITY, (plan.platform, one.kind, one.scope, one.value)).fetchall()
    return tuple(sorted({key for (key,) in rows}))


def lay(connection: sqlite3.Connection, plan: ErasurePlan, contacts: tuple[int, ...]) -> Trail:
    """What to look for, from what is known before anything is deleted."""
    identities, ids = set(plan.identities), set[str]()
    conversations: list[tuple[int, str, int]] = []
    concerned: list[Concerned] = []
    others = False
    for contact in contacts:
        identities |= {Identity(*row) for row in connection.execute(_IDENTITIES, (contact,))}
        names = [identifier for (identifier,) in connection.execute(_IDS, (contact,))]
        ids.update(names)
        conversations += connection.execute(_CONVERSATIONS, (contact,)).fetchall()
        owners = owners_of(connection, contact)
        told = owners if plan.customer_id is None else {plan.customer_id}
        concerned += [Concerned(customer_id=one, contact_id=names[0]) for one in told if one is not None]
        others |= bool(owners - {plan.customer_id, None})
    pages = _pages(connection, plan, identities) | {page for _, _, page in conversations}
    if plan.customer_id is not None:
        pages &= own_pages(connection, plan.customer_id)
        conversations = [one for one in conversations if one[2] in pages]
    return Trail(
        plan=plan,
        contacts=contacts,
        identities=tuple(sorted(identities, key=lambda one: (one.kind, one.scope, one.value))),
        values=sought(identities, ids),
        scopes=scopes_of(identities),
        conversations=tuple(key for key, _, _ in conversations),
        conversation_ids=tuple(identifier for _, identifier, _ in conversations),
        pages=tuple(sorted(pages)),
        until=connection.execute(_LAST).fetchone()[0] or 0,
        concerned=tuple(concerned),
        whole=plan.customer_id is None or not others,
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
    parts = [part for part in (body, envelope) if isinstance(part, bytes)]
    return any(names(part, trail.values) for part in parts) and happened_within(trail.scopes, parts[0])


def _pages(connection: sqlite3.Connection, plan: ErasurePlan, identities: set[Identity]) -> set[int]:
    """The pages on which these ids may mean this person: a PSID of another page is somebody else."""
    found: set[int] = set()
    for identity in identities:
        if identity.kind in PAGE_SCOPED:
            found |= {page for (page,) in connection.execute(_PAGE_OF_SCOPE, (plan.platform, identity.scope))}
        elif identity.kind not in GIVEN:
            found |= {page for (page,) in connection.execute(_PLATFORM_PAGES, (plan.platform,))}
    return found
