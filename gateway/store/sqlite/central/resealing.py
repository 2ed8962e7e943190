"""Key rotation: everything that is sealed is sealed anew under the first key, in one transaction.

A crash in the midst leaves all of it as it was, and the older keys open it.
"""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3

from gateway.store.base import WrongEncryptionKey
from gateway.store.sealing import SECRET_FIELDS, sealed_context
from gateway.store.sqlite.central.configuration import CHECK, CHECK_CONTEXT
from gateway.store.sqlite.central.keyed import answer_context
from gateway.vault import Vault, WrongKey

_ANSWERS = "SELECT key, answer FROM keyed_requests WHERE answer IS NOT NULL"
_PUT_ANSWER = "UPDATE keyed_requests SET answer = ? WHERE key = ?"
_CHECK = "SELECT value FROM facts WHERE name = ?"
_PUT_CHECK = "UPDATE facts SET value = ? WHERE name = ?"


class Resealing:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def reseal(self) -> int:
        """How many values were sealed anew. Raises WrongEncryptionKey for one that no key opens."""
        records = sum(self._records(table) for table in SECRET_FIELDS)
        return records + self._answers() + self._check()

    def _records(self, table: str) -> int:
        query = f"SELECT id, sealed FROM {table} WHERE sealed IS NOT NULL"
        return self._replace(
            [(self._resealed(sealed, sealed_context(table, one)), one) for one, sealed in self._all(query)],
            f"UPDATE {table} SET sealed = ? WHERE id = ?",
        )

    def _answers(self) -> int:
        return self._replace(
            [(self._resealed(sealed, answer_context(key)), key) for key, sealed in self._all(_ANSWERS)],
            _PUT_ANSWER,
        )

    def _check(self) -> int:
        ((sealed,),) = self._all(_CHECK, CHECK)
        return self._replace([(self._resealed(sealed, CHECK_CONTEXT), CHECK)], _PUT_CHECK)

    def _all(self, query: str, *values: str) -> sqlite3.Cursor:
        return self._connection.execute(query, values)

    def _replace(self, rows: list[tuple[bytes, str | bytes]], query: str) -> int:
        self._connection.executemany(query, rows)
        return len(rows)

    def _resealed(self, sealed: bytes, context: str) -> bytes:
        try:
            return self._vault.resealed(sealed, context)
        except WrongKey as error:
            raise WrongEncryptionKey(
                f"{context}: {error}; is every key that secrets were stored with in GATEWAY_ENCRYPTION_KEY?"
            ) from error
