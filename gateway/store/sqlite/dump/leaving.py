"""The file's content as records for another store. The gateway is stopped meanwhile."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator

import msgspec

from gateway.store.base import Conflict
from gateway.store.records import Arrival
from gateway.store.sqlite.central.configuration_reads import ConfigurationReads
from gateway.store.sqlite.dump.central import keyed, leaving, places, quarantined, renormalisations, replays
from gateway.store.sqlite.dump.events import events
from gateway.store.sqlite.dump.ledgers import counted, departed, erased, erasures, messages, usage
from gateway.store.sqlite.dump.people import contacts, groups
from gateway.store.sqlite.file.readers import Readers
from gateway.store.transfer.contract import Kind, Stretch, TransferRecord
from gateway.store.transfer.events import HeldRecord, SeenRecord, held_order
from gateway.store.transfer.records import Setup

COVERED = frozenset(
    {
        *("customers", "api_keys", "apps", "accounts", "endpoints", "keyed_requests", "pages"),
        *("contacts", "identities", "conversations", "places", "watermarks"),
        *("profiles", "encounters", "consents", "stale_identities", "distinct_contacts"),
        *("seen", "events", "listings", "emptying", "open_deliveries", "finished_deliveries", "attempts"),
        *("held", "quarantine", "replays", "renormalisations"),
        *("outgoing", "outgoing_parts", "usage", "counted_conversations"),
        *("erasures", "erased_conversations", "departed"),
    }
)
"""Tables whose content is carried over."""
LEFT = {
    "facts": "of this file alone: its key check, its heartbeat",
    "status_ranks": "made again from the status events",
    "late_endings": "of a sweep over the file; in the new store it begins anew",
    "uploads": "known to be on the safe side: whose upload something is, the platform knows better",
    "moves": "a file with accounts whose history is still following them is not left",
}
"""Tables that are left on purpose, and why."""
_SEEN_WHERE = "FROM seen s LEFT JOIN events e ON e.key = s.event WHERE e.key IS NULL"
_SEEN = f"SELECT s.period, s.id {_SEEN_WHERE} AND (s.period, s.id) > (?, ?) ORDER BY s.period, s.id LIMIT ?"
# All at once: what waits for one message is one record in another store, and it is never more than seconds.
_HELD = "SELECT release_at, arrival FROM held ORDER BY key"
_TOTALS: dict[Kind, str] = {
    "contacts": "SELECT count(*) FROM contacts WHERE merged_into IS NULL",
    "groups": "SELECT count(*) FROM conversations WHERE thread IS NOT NULL",
    "seen": f"SELECT count(*) {_SEEN_WHERE}",
    "events": "SELECT count(*) FROM events",
    "leaving": """
        SELECT count(*) FROM customers c
        WHERE EXISTS (SELECT 1 FROM listings WHERE customer = c.key AND event <= c.emptying_from)
    """,
    "held": "SELECT count(*) FROM held",
    "quarantine": "SELECT count(*) FROM quarantine",
    "keyed": "SELECT count(*) FROM keyed_requests",
    "replays": "SELECT count(*) FROM replays",
    "renormalisations": "SELECT count(*) FROM renormalisations",
    "erased": "SELECT count(*) FROM erased_conversations",
    "departed": "SELECT count(*) FROM departed",
    "messages": "SELECT count(*) FROM outgoing",
    "usage": "SELECT count(*) FROM usage",
    "counted": "SELECT count(*) FROM counted_conversations",
    "erasures": "SELECT count(*) FROM erasures",
    "places": "SELECT count(*) FROM endpoints WHERE acknowledged IS NOT NULL AND record IS NOT NULL",
}
_OWNERS = "SELECT e.id, c.id FROM endpoints e JOIN customers c ON c.key = e.customer"
_ERASING = "SELECT count(*) FROM erasures WHERE state = 'running'"
_MOVING = "SELECT count(*) FROM moves"
_SOURCE_QUERY = "SELECT value FROM facts WHERE name = 'encryption_check'"

_TALLIED = 1_000
_AT_ONCE = ("held", "usage")

_Rows = Iterator[tuple[str, TransferRecord]]
"""Each record with the cursor behind it."""


class Leaving:
    """A file whose content goes into another store. The store on it is open, and nothing else uses it."""

    def __init__(
        self, readers: Readers, configuration: ConfigurationReads, tally: Callable[[int], Awaitable[int]]
    ) -> None:
        """`tally` counts usage: what moves has been counted, so that nothing is counted twice."""
        self._readers = readers
        self._configuration = configuration
        self._tally = tally

    async def source(self) -> str:
        """What names this file and no other. Raises Conflict."""
        source = await self._readers.run(_source)
        while await self._tally(_TALLIED):
            pass
        return source

    async def totals(self) -> dict[Kind, int]:
        """How many records of each kind there are."""
        return await self._readers.run(_totals)

    async def stretch(self, kind: Kind, after: str, limit: int) -> Stretch:
        """The next records of a kind."""
        if kind == "setup":
            configuration = await self._readers.run(self._configuration.read)
            setup = Setup(configuration=configuration, owners=await self._readers.run(_owners))
            return Stretch(kind=kind, records=(setup,), cursor="", more=False)
        return await self._readers.run(_stretch, kind, after, limit)


def _stretch(connection: sqlite3.Connection, kind: Kind, after: str, limit: int) -> Stretch:
    found = list(_READERS[kind](connection, after, limit))
    return Stretch(
        kind=kind,
        records=tuple(record for _, record in found),
        cursor=found[-1][0] if found else after,
        more=len(found) >= limit and kind not in _AT_ONCE,
    )


def _owners(connection: sqlite3.Connection) -> dict[str, str]:
    """Whose each endpoint is, deleted ones too."""
    return dict(connection.execute(_OWNERS))


def _source(connection: sqlite3.Connection) -> str:
    """What no other file has: the value that was sealed when it was made. Raises Conflict."""
    (erasing,) = connection.execute(_ERASING).fetchone()
    if erasing:
        raise Conflict(f"{erasing} erasures are under way: start the gateway again and let them end first")
    (moving,) = connection.execute(_MOVING).fetchone()
    if moving:
        raise Conflict(f"the history of {moving} accounts is still following them: let that end first")
    (value,) = connection.execute(_SOURCE_QUERY).fetchone()
    return bytes(value).hex()


def _totals(connection: sqlite3.Connection) -> dict[Kind, int]:
    counted = {kind: connection.execute(query).fetchone() for kind, query in _TOTALS.items()}
    return {"setup": 1, **{kind: int(row[0]) for kind, row in counted.items()}}


def _seen(connection: sqlite3.Connection, after: str, limit: int) -> _Rows:
    period, _, name = after.partition(" ")
    for row in connection.execute(_SEEN, (int(period or -1), name, limit)).fetchall():
        yield f"{row[0]} {row[1]}", SeenRecord(period=row[0], name=row[1])


def _held(connection: sqlite3.Connection, after: str, limit: int) -> _Rows:
    rows = connection.execute(_HELD).fetchall()
    records = [HeldRecord(release_at=at, arrival=msgspec.json.decode(one, type=Arrival)) for at, one in rows]
    for record in sorted(records, key=held_order):
        yield "", record


_READERS: dict[Kind, Callable[[sqlite3.Connection, str, int], _Rows]] = {
    "contacts": contacts,
    "groups": groups,
    "seen": _seen,
    "events": events,
    "held": _held,
    "erased": erased,
    "departed": departed,
    "messages": messages,
    "usage": usage,
    "counted": counted,
    "erasures": erasures,
    "quarantine": quarantined,
    "keyed": keyed,
    "replays": replays,
    "renormalisations": renormalisations,
    "leaving": leaving,
    "places": places,
}
