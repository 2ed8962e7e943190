"""The whole configuration, read at once."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from typing import TypeVar

import msgspec

from gateway.store.reading import Reading
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

_Reading = Reading[tuple[bytes, ...]]


class ConfigurationReads:
    """Gives the same objects again for what has not changed."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._reading = _Reading()

    def read(self, connection: sqlite3.Connection) -> Configuration:
        """Everything, secrets opened. Raises WrongEncryptionKey."""
        reading = self._reading.next()
        configuration = Configuration(
            customers=_plain(connection, reading, "customers", Customer),
            keys=_plain(connection, reading, "api_keys", ApiKey),
            apps=self._sealed(connection, reading, "apps", App),
            accounts=self._sealed(connection, reading, "accounts", Account),
            endpoints=self._sealed(connection, reading, "endpoints", Endpoint),
        )
        self._reading = reading
        return configuration

    def _sealed(
        self, connection: sqlite3.Connection, reading: _Reading, table: str, kind: type[S]
    ) -> tuple[S, ...]:
        rows = connection.execute(f"SELECT record, sealed FROM {table} WHERE record IS NOT NULL ORDER BY id")
        return reading.records(
            table, rows, lambda parts: unseal(self._vault, table, (parts[0], parts[1]), kind)
        )


def _plain(connection: sqlite3.Connection, reading: _Reading, table: str, kind: type[R]) -> tuple[R, ...]:
    rows = connection.execute(f"SELECT record FROM {table} ORDER BY id")
    return reading.records(table, rows, lambda parts: msgspec.json.decode(parts[0], type=kind))
