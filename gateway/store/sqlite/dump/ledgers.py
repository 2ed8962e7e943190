"""Messages, usage and erasures as records for another store."""

import sqlite3
from collections.abc import Iterator

import msgspec

from gateway.store.erasure import ErasurePlan
from gateway.store.outgoing import MessageFilter
from gateway.store.records import PageRequest
from gateway.store.sqlite.erasure.erasures import read_erasure
from gateway.store.sqlite.layout.keys import moment_of
from gateway.store.sqlite.outbox.reads import list_messages
from gateway.store.sqlite.upkeep.usage import read_usage
from gateway.store.transfer.ledgers import (
    CountedRecord,
    DepartedRecord,
    ErasedRecord,
    ErasureRecord,
    MessageRecord,
)
from gateway.store.usage import Usage

_MONTHS = "SELECT DISTINCT month FROM usage ORDER BY month"
_COUNTED = """
    SELECT month, name FROM counted_conversations WHERE (month, name) > (?, ?) ORDER BY month, name LIMIT ?
"""
_ERASED = """
    SELECT lower(hex(digest)) AS name FROM erased_conversations
    WHERE digest > ? ORDER BY digest LIMIT ?
"""
_DEPARTED = """
    SELECT period, digest FROM departed WHERE (period, digest) > (?, ?) ORDER BY period, digest LIMIT ?
"""
_ERASURES = "SELECT id, plan FROM erasures WHERE id > ? ORDER BY id LIMIT ?"


def messages(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, MessageRecord]]:
    """Messages, in the order in which they came. Nothing is leased: opening the file voids all leases."""
    request = PageRequest(limit=limit, cursor=after or None, ascending=True)
    for one in list_messages(connection, None, MessageFilter(), request).data:
        record = MessageRecord(
            at=moment_of(int(one.cursor)),
            message=one.message,
            progress=one.progress,
            conversation_id=one.conversation_id,
        )
        yield one.cursor, record


def usage(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, Usage]]:
    """All months at once: there are few accounts."""
    for (month,) in connection.execute(_MONTHS).fetchall():
        for one in read_usage(connection, month, None):
            yield "", one


def counted(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, CountedRecord]]:
    """Conversations that months have counted, by month."""
    month, _, name = after.partition(" ")
    for row in connection.execute(_COUNTED, (month, name, limit)).fetchall():
        yield f"{row[0]} {row[1]}", CountedRecord(month=row[0], name=row[1])


def erased(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, ErasedRecord]]:
    """Conversations whose ids are not given again."""
    for (digest,) in connection.execute(_ERASED, (bytes.fromhex(after), limit)).fetchall():
        yield digest, ErasedRecord(digest=digest)


def departed(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, DepartedRecord]]:
    """What is remembered of the identities of the erased, period by period."""
    period, _, digest = after.partition(" ")
    for row in connection.execute(_DEPARTED, (int(period or -1), digest, limit)).fetchall():
        yield f"{row[0]} {row[1]}", DepartedRecord(period=row[0], digest=row[1])


def erasures(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, ErasureRecord]]:
    """Erasures that are over, or wait."""
    for identifier, plan in connection.execute(_ERASURES, (after, limit)).fetchall():
        erasure = read_erasure(connection, "id", identifier)
        if erasure is not None:
            waits = None if plan is None else msgspec.json.decode(plan, type=ErasurePlan)
            yield identifier, ErasureRecord(erasure=erasure, plan=waits)
