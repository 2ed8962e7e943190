"""Another store's content on its way into this file, stretch by stretch; repeating one changes nothing."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from gateway.store.base import DEFAULT_CUSTOMER, Conflict
from gateway.store.sqlite.central.configuration import Configurations
from gateway.store.sqlite.layout.registry import Registry
from gateway.store.sqlite.restore.central import Central
from gateway.store.sqlite.restore.events import Events
from gateway.store.sqlite.restore.ledgers import Ledgers
from gateway.store.sqlite.restore.people import People
from gateway.store.transfer.contract import Progress, Stretch
from gateway.store.transfer.records import Setup

_PROGRESS = "SELECT value FROM facts WHERE name = 'transfer'"
_KEEP = "INSERT OR REPLACE INTO facts (name, value) VALUES ('transfer', ?)"
_FILLED = ("api_keys", "apps", "accounts", "endpoints", "contacts", "events", "quarantine")
_OTHER_CUSTOMER = "SELECT 1 FROM customers WHERE id <> ?"
_DELETED_ENDPOINT = (
    "INSERT OR IGNORE INTO endpoints (id, customer) VALUES (?, (SELECT key FROM customers WHERE id = ?))"
)


class Restorer:
    """Used by the writer only."""

    def __init__(
        self, connection: sqlite3.Connection, registry: Registry, configurations: Configurations
    ) -> None:
        self._execute = connection.cursor().execute
        self._executemany = connection.cursor().executemany
        self._configurations = configurations
        people, events = People(connection, registry), Events(connection, registry)
        central, ledgers = Central(connection), Ledgers(connection, registry)
        self._writers: dict[str, Callable[[Sequence[Any]], None]] = {
            "setup": self._setup,
            "contacts": people.contacts,
            "groups": people.groups,
            "seen": events.seen,
            "held": events.held,
            "keyed": central.keyed,
            "replays": central.replays,
            "renormalisations": central.renormalisations,
            "leaving": central.leaving,
            "places": central.places,
            "erased": ledgers.erased,
            "departed": ledgers.departed,
            "usage": ledgers.usage,
            "counted": ledgers.counted,
            "erasures": ledgers.erasures,
        }
        self._dated: dict[str, Callable[[Sequence[Any], int], int]] = {
            "events": events.events,
            "quarantine": central.quarantined,
            "messages": ledgers.messages,
        }
        """Records with keys of their moments, each greater than the last one."""

    def begin(self, source: str) -> Progress:
        """How far it has come before. Raises Conflict for a file with other content."""
        row = self._execute(_PROGRESS).fetchone()
        if row is not None:
            progress = msgspec.json.decode(row[0], type=Progress)
            if progress.source != source:
                raise Conflict("the new store holds what was moved from another one")
            return progress
        if not self._is_empty():
            raise Conflict("the new store is not empty; move into an empty one")
        return Progress(source=source)

    def restore(self, stretch: Stretch, progress: Progress) -> None:
        """Take in some records and remember that, in one transaction."""
        if stretch.kind in self._dated:
            last = progress.last.get(stretch.kind, 0)
            progress.last[stretch.kind] = self._dated[stretch.kind](stretch.records, last)
        else:
            self._writers[stretch.kind](stretch.records)
        self.keep(progress)

    def keep(self, progress: Progress) -> None:
        """Remember how far it has come."""
        self._execute(_KEEP, (msgspec.json.encode(progress),))

    def _is_empty(self) -> bool:
        queries = [f"SELECT 1 FROM {table} LIMIT 1" for table in _FILLED]  # noqa: S608 (our own names)
        filled = any(self._execute(query).fetchone() for query in queries)
        return not filled and self._execute(_OTHER_CUSTOMER, (DEFAULT_CUSTOMER,)).fetchone() is None

    def _setup(self, records: Sequence[Setup]) -> None:
        for setup in records:
            configuration, store = setup.configuration, self._configurations
            for customer in configuration.customers:
                store.put_customer(customer)
            for key in configuration.keys:
                store.put_key(key)
            for app in configuration.apps:
                store.put_app(app)
            for account in configuration.accounts:
                store.put_account(account)
            for endpoint in configuration.endpoints:
                store.put_endpoint(endpoint)
            self._executemany(_DELETED_ENDPOINT, list(setup.owners.items()))
