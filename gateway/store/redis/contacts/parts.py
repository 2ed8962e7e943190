"""A contact as the shards know it: a record in each in which one of its identities belongs, mostly in one."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from gateway.store.redis.central.owners import Owned, Page
from gateway.store.redis.layout.positions import position
from gateway.store.redis.records.consents import Said, read_consents
from gateway.store.redis.records.contact_row import ContactRow, ProfileRow, read_row
from gateway.store.redis.records.conversations import Talk, read_talk

_profiles = msgspec.json.Decoder(ProfileRow)


class Part(Struct, frozen=True):
    """What one shard knows of a contact."""

    shard: int
    key: int
    row: ContactRow
    consents: list[Said]
    talks: dict[str, Talk]
    profiles: dict[str, ProfileRow]
    pages: dict[str, Page]


class Person(Struct, frozen=True):
    """A contact, of all shards; never without a part."""

    parts: tuple[Part, ...]
    strays: tuple[Part, ...] = ()
    """Of a contact that is being merged into this one: shards that the merger has not come to."""

    @property
    def row(self) -> ContactRow:
        """What all parts say, as far as they say the same."""
        return self.parts[0].row

    @property
    def key(self) -> int:
        """The smaller, the older."""
        return min(part.key for part in self.parts)

    @property
    def place(self) -> int:
        """Where lists have it."""
        return position(self.key, min(part.shard for part in self.parts))

    @property
    def pages(self) -> set[str]:
        """The pages that know the contact."""
        return {page for part in self.parts for page in part.row.pages}

    @property
    def is_stale(self) -> bool:
        """Whether one of its identities cannot be written to."""
        return any(part.row.rare is not None and part.row.rare.stale for part in self.parts)

    def is_known_to(self, customer_id: str | None, owned: Owned) -> bool:
        """Whether the customer may see the contact."""
        return customer_id is None or customer_id in owned.of(self.pages)

    def is_shared(self, customer_id: str | None, owned: Owned) -> bool:
        """Whether another customer may see the contact too."""
        return customer_id is not None and bool(owned.of(self.pages) - {customer_id, None})


def read_part(shard: int, told: Sequence[Any]) -> Part:
    """What the script that finds people tells of one."""
    key, record, consents, talks, profiles, pages = told
    return Part(
        shard=shard,
        key=int(key),
        row=read_row(record),
        consents=read_consents(consents or ""),
        talks={name: read_talk(name, text) for name, text in pairs(talks) if text},
        profiles=_each(profiles, _profiles.decode),
        pages=_each(pages, _page),
    )


def person_of(parts: Sequence[Part]) -> Person:
    """A contact of what the shards know under one id: where two are being merged, the older goes on."""
    first = min(parts, key=lambda part: part.key).row.id
    return Person(
        tuple(part for part in parts if part.row.id == first),
        tuple(part for part in parts if part.row.id != first),
    )


def pairs(flat: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    """What stands in turns."""
    return zip(flat[::2], flat[1::2], strict=True)


def _page(text: str) -> Page:
    platform, _, page_id = text.partition("\n")
    return platform, page_id


def _each(flat: Sequence[Any], read: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: read(text) for name, text in pairs(flat) if text}
