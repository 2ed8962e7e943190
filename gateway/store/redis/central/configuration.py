"""Customers, keys, apps, accounts and endpoints. Every change counts the version up and tells the others."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from gateway.store.base import LEASE_MARGIN_MS, Conflict, StoreUnavailable, WrongEncryptionKey
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
from gateway.store.redis.central.changer import CHANGER
from gateway.store.redis.layout.blobs import as_text
from gateway.store.redis.layout.form import form_of
from gateway.store.redis.layout.keys import first_key
from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.trouble import DataLost
from gateway.store.sealing import seal, unseal
from gateway.vault import Vault, WrongKey

R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=SecretRecord)

_CHANGE = central_script("central/change")
_CELLS = central_script("layout/cells")
_TABLES = central_script("layout/tables")
_ENDPOINT, _DROP = shard_script("events/endpoint"), shard_script("events/ended", "events/endpoint_drop")
_HASHES = ("customers", "api_keys", "apps", "accounts", "endpoints")
CHECK = "encryption_check"
CHECK_CONTEXT = f"facts/{CHECK}/value"
_STEP = 500
"""Deliveries of a deleted endpoint per script: a longer one would hold up the hot path."""
_ATTEMPTS = 100
Row = tuple[str, str, bytes | None]
"""A hash of what belongs to no shard, a field, and its value; None: none."""
_encoder = msgspec.msgpack.Encoder()
_sealed_row = msgspec.msgpack.Decoder(tuple[bytes, bytes])


class Configurations:
    """Read whole, changed one by one."""

    def __init__(self, shards: Shards, vault: Vault) -> None:
        self._shards = shards
        self._vault = vault
        self._reading: Reading[bytes] = Reading()

    async def check_key(self) -> None:
        """Refuse a database whose secrets this key cannot open. Raises WrongEncryptionKey."""
        sealed = await self.cell("facts", CHECK)
        if sealed is None:
            value = self._vault.seal(CHECK, CHECK_CONTEXT)
            await self.change([("facts", CHECK, None)], [("facts", CHECK, value)])
            sealed = await self.cell("facts", CHECK)
        try:
            self._vault.open(sealed or b"", CHECK_CONTEXT)
        except WrongKey as error:
            raise WrongEncryptionKey(
                "the secrets in the store were sealed with another GATEWAY_ENCRYPTION_KEY: "
                "start with that one, or with `new,old` to go over to a new one"
            ) from error

    async def read(self) -> Configuration:
        """Everything, secrets opened."""
        facts, *tables = await self._shards.central(_TABLES, "facts", *_HASHES, repeatable=True)
        if self._shards.database.encode() not in facts:
            raise DataLost
        customers, keys, apps, accounts, endpoints = (
            [one[1] for one in sorted(zip(flat[::2], flat[1::2], strict=True))] for flat in tables
        )
        reading = self._reading.next()
        configuration = Configuration(
            customers=reading.records("customers", customers, _plain(Customer)),
            keys=reading.records("api_keys", keys, _plain(ApiKey)),
            apps=reading.records("apps", apps, self._sealed("apps", App)),
            accounts=reading.records("accounts", accounts, self._sealed("accounts", Account)),
            endpoints=reading.records("endpoints", endpoints, self._sealed("endpoints", Endpoint)),
        )
        self._reading = reading
        return configuration

    async def table(self, place: str) -> list[tuple[str, bytes]]:
        """All records of a kind, by their names."""
        (flat,) = await self._shards.central(_TABLES, place, repeatable=True)
        return [(name.decode(), text) for name, text in zip(flat[::2], flat[1::2], strict=True)]

    async def names(self, place: str) -> list[str]:
        """The ids of a kind of records."""
        return [name for name, _ in await self.table(place)]

    async def owners(self) -> dict[str, str]:
        """Whose each endpoint is, deleted ones too."""
        (flat,) = await self._shards.central(_TABLES, "owners", repeatable=True)
        return {one.decode(): other.decode() for one, other in zip(flat[::2], flat[1::2], strict=True)}

    async def page_owners(self) -> dict[tuple[str, str], str]:
        """Whose each connected page is, by platform and page id."""
        (flat,) = await self._shards.central(_TABLES, "pages", repeatable=True)
        found = {}
        for page, owner in zip(flat[::2], flat[1::2], strict=True):
            platform, _, page_id = page.decode().partition("\n")
            found[platform, page_id] = owner.decode().partition("\n")[2]
        return found

    async def customer_of(self, endpoint_id: str) -> str | None:
        """Whose an endpoint is; None for a deleted one."""
        cells = ("endpoints", endpoint_id, "owners", endpoint_id)
        present, owner = await self._shards.central(_CELLS, *cells, repeatable=True)
        return None if present is None or owner is None else str(owner.decode())

    async def put_customer(self, customer: Customer) -> None:
        """Insert or update by id."""
        await self.change([], [("customers", customer.id, msgspec.json.encode(customer))])

    async def make_customer(self, customer: Customer) -> None:
        """Insert, unless it is there."""
        if await self.cell("customers", customer.id) is None:
            row = ("customers", customer.id, msgspec.json.encode(customer))
            await self.change([("customers", customer.id, None)], [row])

    async def put_key(self, key: ApiKey) -> None:
        """Insert or update by id."""
        await self.change([], [("api_keys", key.id, msgspec.json.encode(key))])

    async def put_app(self, app: App) -> None:
        """Insert or update by id."""
        await self.change([], [self._row("apps", app)])

    async def delete_app(self, app_id: str) -> None:
        """Remove it, if it is there."""
        await self.change([], [("apps", app_id, None)])

    async def put_account(self, account: Account) -> None:
        """Insert or update by page; a page that is known keeps its account's id. Raises Conflict."""
        for _ in range(_ATTEMPTS):
            page = f"{account.platform}\n{account.page_id}"
            owner = await self.cell("pages", page)
            row = await self.cell("accounts", account.id if owner is None else owner.decode().split("\n")[0])
            kept = self._merged(account, owner, row)
            name = f"{kept.id}\n{kept.customer_id}".encode()
            checks: list[Row] = [("pages", page, owner), ("accounts", kept.id, row)]
            if await self.change(checks, [("pages", page, name), self._row("accounts", kept)]):
                return
        raise StoreUnavailable("too many others change the same account")

    async def move_account(
        self, account_id: str, customer_id: str, note: Callable[[Account], Row | None]
    ) -> bool:
        """Change the owner and nothing else. False: there is no such account.

        `note`: what is written together with it, made from the account as it was.
        """
        for _ in range(_ATTEMPTS):
            row = await self.cell("accounts", account_id)
            if row is None:
                return False
            account = self._opened("accounts", row, Account)
            moved, noted = replace(account, customer_id=customer_id), note(account)
            page = f"{moved.platform}\n{moved.page_id}"
            name = f"{account_id}\n{customer_id}".encode()
            writes = [("pages", page, name), self._row("accounts", moved), *([noted] if noted else [])]
            if await self.change([("accounts", account_id, row)], writes):
                return True
        raise StoreUnavailable("too many others change the same account")

    async def delete_account(self, account_id: str) -> None:
        """Remove it, if it is there."""
        row = await self.cell("accounts", account_id)
        if row is not None:
            account = self._opened("accounts", row, Account)
            page = f"{account.platform}\n{account.page_id}"
            await self.change(
                [("accounts", account_id, row)], [("accounts", account_id, None), ("pages", page, None)]
            )

    def _merged(self, account: Account, owner: bytes | None, row: bytes | None) -> Account:
        """The account with the id and age that its page has already. Raises Conflict."""
        if owner is None:
            if row is not None:
                raise Conflict(f"the id {account.id} belongs to another page")
            return account
        identifier, _, customer_id = owner.decode().partition("\n")
        if customer_id != account.customer_id:
            raise Conflict(f"another customer owns {account.platform} page {account.page_id}")
        if row is None:
            return replace(account, id=identifier)
        return replace(account, id=identifier, created_at=self._opened("accounts", row, Account).created_at)

    async def put_endpoint(self, endpoint: Endpoint) -> None:
        """Insert or update by id. Raises Conflict for a deleted one's id, or another customer's.

        The shards know it before anybody can route to it: a shard drops routes that it does not know.
        """
        cells = (("customers", endpoint.customer_id), ("owners", endpoint.id), ("endpoints", endpoint.id))
        customer, owner, present = [await self.cell(*cell) for cell in cells]
        if customer is None:
            raise Conflict(f"there is no customer {endpoint.customer_id}")
        if owner is not None and (owner.decode() != endpoint.customer_id or present is None):
            raise Conflict(f"the id {endpoint.id} is taken")
        beginning = ""
        if endpoint.type == "pull":
            beginning = "last" if endpoint.since is None else str(max(first_key(endpoint.since) - 1, 0))
        await self._shards.everywhere(_ENDPOINT, endpoint.id, _shown(endpoint), beginning, repeatable=True)
        named = ("owners", endpoint.id, endpoint.customer_id.encode())
        if not await self.change([("owners", endpoint.id, owner)], [named, self._row("endpoints", endpoint)]):
            raise Conflict(f"the id {endpoint.id} is taken")

    async def make_known(self, shards: Sequence[int]) -> None:
        """Tell shards that know nothing which endpoints there are: they would drop what is routed there."""
        for endpoint in (await self.read()).endpoints if shards else ():
            for shard in shards:
                about = (endpoint.id, _shown(endpoint), "last" if endpoint.type == "pull" else "")
                await self._shards.run(shard, _ENDPOINT, *about, repeatable=True)

    async def delete_endpoint(self, endpoint_id: str) -> None:
        """Remove it, its secrets and its open deliveries; its owner stays known for the finished ones."""
        await self.change([], [("endpoints", endpoint_id, None)])
        for shard in self._shards.numbers:
            position: bytes | str = "0"
            while position:
                position = await self._shards.run(shard, _DROP, endpoint_id, position, _STEP, repeatable=True)

    async def cell(self, place: str, name: str) -> bytes | None:
        """A field of a hash."""
        (value,) = await self._shards.central(_CELLS, place, name, repeatable=True)
        return None if value is None else bytes(value)

    async def change(
        self, checks: Sequence[Row], writes: Sequence[Row], *, says_the_same: bool = False
    ) -> bool:
        """Whether what it was decided on still held."""
        packed = _encoder.encode([_flat(checks), _flat(writes)])
        holder = "" if says_the_same else CHANGER.get()
        about = (int(not says_the_same), self._shards.database, holder)
        return bool(await self._shards.central(_CHANGE, packed, *about))

    def _row(self, place: str, record: SecretRecord) -> Row:
        return place, record.id, _encoder.encode(seal(self._vault, place, record))

    def _opened(self, place: str, row: bytes, kind: type[S]) -> S:
        return unseal(self._vault, place, _sealed_row.decode(row), kind)

    def _sealed(self, place: str, kind: type[S]) -> Callable[[bytes], S]:
        return lambda row: self._opened(place, row, kind)


def _plain(kind: type[R]) -> Callable[[bytes], R]:
    return lambda row: msgspec.json.decode(row, type=kind)


def _flat(rows: Sequence[Row]) -> list[Any]:
    return [
        part
        for place, name, value in rows
        for part in (place, name, False if value is None else as_text(value))
    ]


def _shown(endpoint: Endpoint) -> str:
    """What a shard keeps of an endpoint."""
    ordered = int(endpoint.ordering == "conversation")
    lease = endpoint.timeout_ms + LEASE_MARGIN_MS
    return f"{endpoint.type} {lease} {ordered} {form_of(endpoint)} {endpoint.customer_id}"
