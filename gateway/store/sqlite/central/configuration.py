"""Customers, keys, apps, accounts and endpoints."""

import sqlite3
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from gateway.store.base import Conflict, WrongEncryptionKey
from gateway.store.records import Account, ApiKey, App, Customer, Endpoint
from gateway.store.sealing import opened_part, seal, unseal
from gateway.store.sqlite.events.log import Log
from gateway.store.sqlite.layout.registry import Registry
from gateway.vault import Vault, WrongKey

CHECK = "encryption_check"
CHECK_CONTEXT = f"facts/{CHECK}/value"
_FACT = "SELECT value FROM facts WHERE name = ?"
_PUT_FACT = "INSERT INTO facts (name, value) VALUES (?, ?)"
_PUT_CUSTOMER = (
    "INSERT INTO customers (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record"
)
_PUT_KEY = "INSERT OR REPLACE INTO api_keys (id, record) VALUES (?, ?)"
_PUT_APP = "INSERT OR REPLACE INTO apps (id, record, sealed) VALUES (?, ?, ?)"
_ACCOUNT = "SELECT id, customer_id, record, sealed FROM accounts WHERE platform = ? AND page_id = ?"
_PUT_ACCOUNT = (
    "INSERT OR REPLACE INTO accounts (id, customer_id, platform, page_id, record, sealed)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_ACCOUNT_PAGE = "SELECT platform, page_id FROM accounts WHERE id = ?"
_ACCOUNT_RECORD = "SELECT record FROM accounts WHERE id = ?"
_MOVE_ACCOUNT = "UPDATE accounts SET customer_id = ?, record = ? WHERE id = ?"
_ENDPOINT = "SELECT customer, record FROM endpoints WHERE id = ?"
_PUT_ENDPOINT = (
    "INSERT INTO endpoints (id, customer, record, sealed, acknowledged) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET record = excluded.record, sealed = excluded.sealed"
)
_DELETE_ENDPOINT = "UPDATE endpoints SET record = NULL, sealed = NULL WHERE id = ?"


class Moved(NamedTuple):
    """An account that has changed hands."""

    page: tuple[str, str]
    former: str
    """The customer who owned it."""


def check_key(connection: sqlite3.Connection, vault: Vault) -> None:
    """Refuse to open a store whose secrets this key cannot open. Raises WrongEncryptionKey."""
    row = connection.execute(_FACT, (CHECK,)).fetchone()
    if row is None:
        connection.execute(_PUT_FACT, (CHECK, vault.seal(CHECK, CHECK_CONTEXT)))
        return
    try:
        vault.open(row[0], CHECK_CONTEXT)
    except WrongKey as error:
        raise WrongEncryptionKey(
            "the secrets in the store were sealed with another GATEWAY_ENCRYPTION_KEY: start with that one, "
            "or with `new,old` to go over to a new one"
        ) from error


class Configurations:
    """Changes the configuration. Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, vault: Vault, registry: Registry) -> None:
        self._execute = connection.cursor().execute
        self._vault = vault
        self._registry = registry
        self._log = Log(connection)

    def put_customer(self, customer: Customer) -> None:
        """Insert or update by id."""
        self._execute(_PUT_CUSTOMER, (customer.id, msgspec.json.encode(customer)))
        self._registry.forget()

    def put_key(self, key: ApiKey) -> None:
        """Insert or update by id."""
        self._execute(_PUT_KEY, (key.id, msgspec.json.encode(key)))

    def put_app(self, app: App) -> None:
        """Insert or update by id."""
        self._execute(_PUT_APP, (app.id, *seal(self._vault, "apps", app)))

    def delete_app(self, app_id: str) -> None:
        """Remove it, if it is there."""
        self._execute("DELETE FROM apps WHERE id = ?", (app_id,))

    def put_account(self, account: Account) -> None:
        """Insert or update by page; a page that is known keeps its account's id. Raises Conflict."""
        page = (account.platform, account.page_id)
        present = self._execute(_ACCOUNT, page).fetchone()
        if present is not None:
            identifier, customer_id, *parts = present
            if customer_id != account.customer_id:
                raise Conflict(f"another customer owns {account.platform} page {account.page_id}")
            created_at = unseal(self._vault, "accounts", tuple(parts), Account).created_at
            account = replace(account, id=identifier, created_at=created_at)
        elif self._execute(_ACCOUNT_PAGE, (account.id,)).fetchone() is not None:
            raise Conflict(f"the id {account.id} belongs to another page")
        sealed = seal(self._vault, "accounts", account)
        self._execute(_PUT_ACCOUNT, (account.id, account.customer_id, *page, *sealed))

    def move_account(self, account_id: str, customer_id: str) -> Moved | None:
        """Change the owner and nothing else; the sealed part stays as it is. None: no such account."""
        row = self._execute(_ACCOUNT_RECORD, (account_id,)).fetchone()
        if row is None:
            return None
        shown = opened_part(row[0])
        record = msgspec.json.encode(shown | {"customer_id": customer_id})
        self._execute(_MOVE_ACCOUNT, (customer_id, record, account_id))
        return Moved((shown["platform"], shown["page_id"]), shown["customer_id"])

    def delete_account(self, account_id: str) -> None:
        """Remove it, if it is there."""
        self._execute("DELETE FROM accounts WHERE id = ?", (account_id,))

    def put_endpoint(self, endpoint: Endpoint) -> None:
        """Insert or update by id. Raises Conflict for a deleted one's id, or another customer's."""
        customer = self._registry.customer(endpoint.customer_id)
        if customer is None:
            raise Conflict(f"there is no customer {endpoint.customer_id}")
        present = self._execute(_ENDPOINT, (endpoint.id,)).fetchone()
        if present is not None and (present[0] != customer or present[1] is None):
            raise Conflict(f"the id {endpoint.id} is taken")
        sealed = seal(self._vault, "endpoints", endpoint)
        begins = self._log.beginning(endpoint) if endpoint.type == "pull" else None
        self._execute(_PUT_ENDPOINT, (endpoint.id, customer, *sealed, begins))
        self._registry.forget()

    def delete_endpoint(self, endpoint_id: str) -> None:
        """Remove it and its secrets; its key and id stay for the finished deliveries that name it."""
        self._execute(_DELETE_ENDPOINT, (endpoint_id,))
        self._registry.forget()
