"""All that changes the file, put together. Everything here runs in the writer's thread."""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple
from uuid import UUID

from gateway.clock import Clock
from gateway.store.base import DEFAULT_CUSTOMER
from gateway.store.records import Customer
from gateway.store.sqlite.central.configuration import Configurations
from gateway.store.sqlite.central.keyed import KeyedRequests
from gateway.store.sqlite.central.quarantine import Quarantine
from gateway.store.sqlite.central.resealing import Resealing
from gateway.store.sqlite.contacts.changes import ContactChanges
from gateway.store.sqlite.erasure.erasing import Eraser
from gateway.store.sqlite.erasure.erasures import Erasures
from gateway.store.sqlite.events.log import Log
from gateway.store.sqlite.events.redelivery import Redeliveries
from gateway.store.sqlite.events.settlement import Settlements
from gateway.store.sqlite.file.schema import version
from gateway.store.sqlite.intake.admission import Admissions
from gateway.store.sqlite.intake.queue import Queue
from gateway.store.sqlite.layout.lines import Lines
from gateway.store.sqlite.layout.registry import Registry
from gateway.store.sqlite.outbox.sending import OutboxQueue
from gateway.store.sqlite.outbox.uploads import Uploads
from gateway.store.sqlite.records.contacts import Contacts
from gateway.store.sqlite.records.outgoing_rows import OutboxRows
from gateway.store.sqlite.restore.restorer import Restorer
from gateway.store.sqlite.runs.renormalisations import Renormalisations
from gateway.store.sqlite.runs.replays import Replays
from gateway.store.sqlite.runs.revisions import Revisions
from gateway.store.sqlite.upkeep.emptying import Emptying
from gateway.store.sqlite.upkeep.moves import Moves
from gateway.store.sqlite.upkeep.pruning import Pruning
from gateway.store.sqlite.upkeep.sweeps import Sweeps
from gateway.store.sqlite.upkeep.usage import Tally
from gateway.vault import Vault

A = TypeVarTuple("A")
T = TypeVar("T")
_BEAT = "INSERT OR REPLACE INTO facts (name, value) VALUES ('heartbeat', ?)"
_PROBE = "INSERT OR REPLACE INTO facts (name, value) VALUES ('heartbeat', zeroblob(262144))"


class Changes:
    """The parts of the store that write, around one connection."""

    def __init__(
        self, connection: sqlite3.Connection, vault: Vault, new_id: Callable[[], UUID], clock: Clock
    ) -> None:
        self._connection = connection
        self._registry = Registry(connection)
        self._sweeps = Sweeps(connection)
        lines = Lines(connection)
        self.queue = Queue(connection, self._registry, lines)
        contacts = Contacts(connection, new_id, vault.fingerprints)
        outgoing = OutboxRows(connection, contacts.forget)
        self.admissions = Admissions(connection, self._registry, self.queue, outgoing, contacts)
        self.outbox = OutboxQueue(connection, self._registry, outgoing, self.admissions)
        self.uploads = Uploads(connection)
        self.settlements = Settlements(connection, lines, self._sweeps)
        self.redeliveries = Redeliveries(connection, self._registry, lines, self._sweeps)
        self.replays = Replays(connection, self._registry, self.redeliveries)
        self.configurations = Configurations(connection, vault, self._registry)
        self.log = Log(connection)
        self.keyed = KeyedRequests(connection, vault)
        self.resealing = Resealing(connection, vault)
        self.quarantine = Quarantine(connection)
        self.usage = Tally(connection)
        self.moves = Moves(connection, self._registry, outgoing)
        parts = (self.admissions.people, self.admissions.conversations, self.redeliveries)
        revisions = Revisions(connection, self._registry, *parts)
        self.renormalisations = Renormalisations(connection, self.admissions, revisions, self.quarantine)
        self.emptying = Emptying(connection, self._registry)
        self.pruning = Pruning(connection, lines, self._sweeps)
        known = (self.admissions.conversations, self.admissions.people.consents)
        self.contacts = ContactChanges(connection, contacts, *known)
        self.restorer = Restorer(connection, self._registry, self.configurations)
        eraser = Eraser(connection, lines, self.keyed, vault.fingerprints)
        self.erasures = Erasures(connection, eraser, self.admissions.forget, clock)

    def forget(self) -> None:
        """A transaction was undone: what was remembered of it never was."""
        self._registry.forget()
        self.admissions.forget()
        self._sweeps.forget()

    def apart(self, change: Callable[[*A], T], *arguments: *A) -> T:
        """Run a change that must find in the file what `accept` has held back."""
        self.admissions.flush()
        return change(*arguments)

    def move_account(self, account_id: str, customer_id: str, history: bool) -> bool:
        """Another owner, in one change with the note that the history is to follow."""
        moved = self.configurations.move_account(account_id, customer_id)
        if moved is not None and history and moved.former != customer_id:
            self.moves.begin(moved.page, moved.former, customer_id)
        return moved is not None

    def start(self, now: int) -> None:
        """What the first moment after opening needs: no leases of the dead, and somebody to own pages."""
        self.queue.void_leases()
        self.outbox.void_all(now)
        if self._registry.customer(DEFAULT_CUSTOMER) is None:
            customer = Customer(id=DEFAULT_CUSTOMER, name=DEFAULT_CUSTOMER, created_at=now)
            self.configurations.put_customer(customer)

    def beat(self, now: int) -> dict[str, Any]:
        """Write something small, to know that the file takes writes; facts for whoever asked."""
        self._connection.execute(_BEAT, (now,))
        pages, unused, size = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return {
            "store": "sqlite",
            "version": version(self._connection),
            "bytes": pages * size,
            "unused_bytes": unused * size,
        }

    def probe(self) -> None:
        """Write something that needs room; the next beat gives it back."""
        self._connection.execute(_PROBE)
