"""The whole configuration, read at once."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from gateway.store.records import (
    Account,
    ApiKey,
    App,
    Configuration,
    Customer,
    Endpoint,
    Record,
    SecretRecord,
)
from gateway.store.sealing import unseal
from gateway.vault import Vault

R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=SecretRecord)

_VERSION = "SELECT coalesce(max(value), 0) FROM facts WHERE name = 'configuration_version'"

_Row = tuple[str, tuple[bytes, ...]]
"""A table, and the bytes of a record in it."""


def read_version(connection: sqlite3.Connection) -> int:
    """Grows with every change of the configuration."""
    (version,) = connection.execute(_VERSION).fetchone()
    return int(version)


class ConfigurationReads:
    """What has not changed since the last reading is the same object: neither decoded nor opened again.

    With ten thousand endpoints, that is the difference between a millisecond or two of the interpreter's
    time and a second of it, at every change that any customer makes.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: dict[_Row, Any] = {}

    def read(self, connection: sqlite3.Connection) -> Configuration:
        """Everything, secrets opened. Raises WrongEncryptionKey."""
        seen: dict[_Row, Any] = {}
        configuration = Configuration(
            customers=self._plain(connection, "customers", Customer, seen),
            keys=self._plain(connection, "api_keys", ApiKey, seen),
            apps=self._sealed(connection, "apps", App, seen),
            accounts=self._sealed(connection, "accounts", Account, seen),
            endpoints=self._sealed(connection, "endpoints", Endpoint, seen),
            version=read_version(connection),
        )
        self._known = seen
        return configuration

    def _plain(
        self, connection: sqlite3.Connection, table: str, kind: type[R], seen: dict[_Row, Any]
    ) -> tuple[R, ...]:
        rows = connection.execute(f"SELECT record FROM {table} ORDER BY id")
        return self._records(table, rows, seen, lambda parts: msgspec.json.decode(parts[0], type=kind))

    def _sealed(
        self, connection: sqlite3.Connection, table: str, kind: type[S], seen: dict[_Row, Any]
    ) -> tuple[S, ...]:
        rows = connection.execute(f"SELECT record, sealed FROM {table} WHERE record IS NOT NULL ORDER BY id")
        return self._records(
            table, rows, seen, lambda parts: unseal(self._vault, table, (parts[0], parts[1]), kind)
        )

    def _records(
        self,
        table: str,
        rows: Iterable[tuple[bytes, ...]],
        seen: dict[_Row, Any],
        read: Callable[[tuple[bytes, ...]], R],
    ) -> tuple[R, ...]:
        records = []
        for parts in rows:
            row = (table, parts)
            record = self._known.get(row)
            seen[row] = read(parts) if record is None else record
            records.append(seen[row])
        return tuple(records)
