"""Records with secrets: what may be read by whoever has the file stays JSON, the rest is sealed."""

from typing import Any, TypeVar

import msgspec

from gateway.store.base import WrongEncryptionKey
from gateway.store.records import SecretRecord
from gateway.vault import Vault, WrongKey

R = TypeVar("R", bound=SecretRecord)

SECRET_FIELDS = {
    "apps": ("app_secrets", "verify_token"),
    "accounts": ("access_token",),
    # A header that the customer wants sent may be a password too.
    "endpoints": ("secrets", "signing_key", "authorization", "headers"),
}


def seal(vault: Vault, table: str, record: SecretRecord) -> tuple[bytes, bytes]:
    """The record's readable part and its sealed part, for this row of this table only."""
    fields = msgspec.to_builtins(record)
    secrets = {name: fields.pop(name) for name in SECRET_FIELDS[table]}
    text = msgspec.json.encode(secrets).decode()
    return msgspec.json.encode(fields), vault.seal(text, sealed_context(table, record.id))


def unseal(vault: Vault, table: str, parts: tuple[bytes, bytes], kind: type[R]) -> R:
    """The record again. Raises WrongEncryptionKey."""
    fields = opened_part(parts[0])
    try:
        secrets = msgspec.json.decode(vault.open(parts[1], sealed_context(table, fields["id"])))
    except WrongKey as error:
        raise WrongEncryptionKey(
            f"{table}/{fields['id']}: {error}; is GATEWAY_ENCRYPTION_KEY the one it was stored with?"
        ) from error
    return msgspec.convert({**fields, **secrets}, kind)


def opened_part(record: bytes) -> dict[str, Any]:
    """The fields of a record that are no secrets."""
    return msgspec.json.decode(record, type=dict[str, Any])


def sealed_context(table: str, identifier: str) -> str:
    """The place that a record's sealed part is for."""
    return f"{table}/{identifier}/sealed"
