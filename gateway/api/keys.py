"""API keys of customers. The key itself exists in one answer only; the gateway keeps its hash."""

import hashlib
from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from gateway.api.answers import answer, done, seconds, view
from gateway.api.authentication import Scope
from gateway.api.bodies import Input
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, listing
from gateway.api.problems import invalid, not_found
from gateway.identifiers import SHOWN, new_id, new_key
from gateway.store.records import ApiKey

Scopes = Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=4)]


class Key(Struct, frozen=True, kw_only=True):
    """A customer's key, without the key."""

    id: str
    customer_id: str
    name: str
    prefix: str
    """The first characters, to tell keys apart."""
    scopes: tuple[Scope, ...]
    """`read`, `write` (configure, redeliver), `send` (messages); `admin` is all of them."""
    created_at: int
    expires_at: int | None
    revoked_at: int | None


class CreatedKey(Key, frozen=True, kw_only=True):
    """A key at the moment of its creation."""

    key: str
    """What goes after `Authorization: Bearer`. It is shown only here: keep it."""

    def __repr__(self) -> str:
        return f"CreatedKey(id={self.id!r})"


class NewKey(Input, frozen=True, kw_only=True):
    """A key to make."""

    name: Annotated[str, Meta(max_length=200)] = ""
    """What it is for."""
    scopes: Scopes = ("read", "write", "send")
    expires_at: int | None = None
    """Unix seconds; absent: never."""


async def create_key(call: Call[NewKey]) -> Response:
    """Make an API key for a customer. The key is shown only now."""
    given, now, text = call.given, call.services.clock(), new_key()
    if given.expires_at is not None and given.expires_at * 1000 <= now:
        raise invalid("expires_at", "is not in the future; it counts Unix seconds")
    key = ApiKey(
        id=new_id("key"),
        customer_id=_customer(call),
        name=given.name,
        prefix=text[:SHOWN],
        digest=hashlib.sha256(text.encode()).digest(),
        scopes=tuple(dict.fromkeys(given.scopes)),
        created_at=now,
        expires_at=None if given.expires_at is None else given.expires_at * 1000,
    )
    async with call.configuring():
        await call.services.store.put_key(key)
    return answer(CreatedKey(key=text, **msgspec.structs.asdict(_show(key))), 201)


async def list_keys(call: Call[ListQuery]) -> Response:
    """List a customer's keys, the revoked and expired ones too."""
    return answer(listing(_keys(call), call.given, _show))


async def revoke_key(call: Call[Query]) -> Response:
    """End a key at once. It stays in the list."""
    async with call.configuring():
        key = next((key for key in _keys(call) if key.id == call.path["key_id"]), None)
        if key is None:
            raise not_found("key", call.path["key_id"])
        if key.revoked_at is None:
            revoked = msgspec.structs.replace(key, revoked_at=call.services.clock())
            await call.services.store.put_key(revoked)
    return done()


def _keys(call: Call[ListQuery] | Call[Query]) -> Iterator[ApiKey]:
    customer_id = _customer(call)
    return (key for key in call.services.directory.keys.values() if key.customer_id == customer_id)


def _customer(call: Call[ListQuery] | Call[Query] | Call[NewKey]) -> str:
    customer_id = call.path["id"]
    if customer_id not in call.services.directory.customers:
        raise not_found("customer", customer_id)
    return customer_id


def _show(key: ApiKey) -> Key:
    return view(
        Key,
        key,
        created_at=seconds(key.created_at),
        expires_at=None if key.expires_at is None else seconds(key.expires_at),
        revoked_at=None if key.revoked_at is None else seconds(key.revoked_at),
    )


OPERATIONS = (
    Operation(
        "POST",
        "/v1/customers/{id}/keys",
        create_key,
        {201: CreatedKey},
        access="operator",
        body=NewKey,
    ),
    Operation(
        "GET",
        "/v1/customers/{id}/keys",
        list_keys,
        {200: Listing[Key]},
        access="operator",
        query=ListQuery,
    ),
    Operation("DELETE", "/v1/customers/{id}/keys/{key_id}", revoke_key, {204: None}, access="operator"),
)
