"""A contact as one record of a shard, and the sorted sets that lead to it: these follow from the record.

Most people never opt out, are in no group chat and are merged with nobody: what is rare stands apart, so
that the record that is compared at every event stays small.
"""

import hashlib
import string
from typing import Any

import msgspec
from msgspec import Struct, field

from adapters.base import Identity
from gateway.store.contact import StaleReason
from gateway.store.redis.records.view import Cell

Held = tuple[str, str, str, bool]
"""Kind, value, scope of an identity, and whether it was given up."""
Stale = tuple[StaleReason, int, str]
"""Why and since when an identity cannot be written to, and what its profile looks like."""
LISTED = "people:"
SEVERAL = "*"
"""In the place of a name's mark: people of several names have the picture."""
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class Rare(Struct, omit_defaults=True):
    """What few contacts have."""

    stale: dict[str, Stale] = {}
    """By identity."""
    met: list[str] = []
    """Pages that know the contact from a group chat."""
    aliases: list[str] = []
    """Ids of contacts that were merged into this one."""
    apart: list[int] = []
    """Keys of contacts that are somebody else, as a customer said."""
    spread: bool = False
    """Other shards know the contact too: what this record does not say, theirs may."""


class ContactRow(Struct, array_like=True):
    """A contact as it is written."""

    id: str
    name: str | None
    username: str | None
    created_at: int
    identities: list[Held] = field(default_factory=list)
    conversations: dict[str, str] = field(default_factory=dict)
    """Page → id of the conversation."""
    platform: str = ""
    rare: Rare | None = None

    @property
    def more(self) -> Rare:
        """What is rare, to be changed."""
        self.rare = self.rare or Rare()
        return self.rare

    @property
    def pages(self) -> set[str]:
        """The pages that know the contact."""
        return {*self.conversations, *(self.rare.met if self.rare else ())}

    def holds(self, identity: Identity) -> bool:
        """Whether the identity is the contact's."""
        return any(one[:3] == (identity.kind, identity.value, identity.scope) for one in self.identities)

    def packed(self) -> str:
        """As it is written."""
        if self.rare == Rare():
            self.rare = None
        return _encoder.encode(self).decode()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(ContactRow)


def read_row(text: str | bytes) -> ContactRow:
    """The record as it was written."""
    return _decoder.decode(text)


def index_entries(name: str, text: str) -> dict[Cell, int]:
    """Sorted sets in which the contact with this key stands: the set and the member, and its score."""
    key, row = int(name), read_row(text)
    member = f"{name} {row.platform}"
    lists = [row.platform, *(f"page:{page}" for page in row.pages)]
    lists += {f"kind:{one[0]}" for one in row.identities}
    if row.rare is not None and row.rare.spread:
        lists += ("stale", "spread")
    elif row.rare is not None and row.rare.stale:
        lists.append("stale")
    entries = {(LISTED + one, member): key for one in lists}
    if row.name is not None:
        entries[f"{LISTED}names", f"{folded(row.name)}\n{member}"] = 0
    for kind, value, _, _ in row.identities:
        entries[f"{LISTED}values", f"{value}\n{kind}\n{member}"] = 0
    for _, _, looks in row.rare.stale.values() if row.rare else ():
        if looks:
            entries[f"{LISTED}looks", f"{looks}\n{member}"] = 0
    return entries


def folded(name: str) -> str:
    """ASCII letters are the same in either case, as in SQLite's LIKE."""
    return name.translate(_LOWER)


def looks_of(platform: str, identity: Identity, profile: str) -> str:
    """What all who look the same on one page have in common; empty where a profile does not tell."""
    name, picture = msgspec.json.decode(profile, type=ProfileRow).looks if profile else (None, None)
    if name is None or picture is None:
        return ""
    about = "\n".join((platform, identity.kind, identity.scope, name, picture))
    return hashlib.blake2b(about.encode(), digest_size=8).hexdigest()


class ProfileRow(Struct, array_like=True, frozen=True):
    """What the platform told of an identity, as it is written."""

    fetched_at: int
    fresh_until: int
    fields: dict[str, Any]
    missing: str | None
    looks: tuple[str | None, str | None]
    """Name and picture, as far as they tell people apart."""


def identity_cell(platform: str, identity: Identity) -> Cell:
    """Where it stands whose an identity is."""
    return "identities", f"{platform}\n{identity.kind}\n{identity.scope}\n{identity.value}"


def profile_cell(platform: str, identity: Identity) -> Cell:
    """Where it stands what the platform told of an identity."""
    return "profiles", identity_cell(platform, identity)[1]


def picture_cell(platform: str, scope: str, picture: str) -> Cell:
    """Where it stands how those on a page are called who have a picture."""
    about = "\n".join((platform, scope, picture))
    return "pictures", hashlib.blake2b(about.encode(), digest_size=8).hexdigest()


def name_mark(name: str) -> str:
    """Enough of a name to tell it from most others, and too little to guess it."""
    return hashlib.blake2b(name.encode(), digest_size=2).hexdigest()


def contact_cell(key: int) -> Cell:
    """Where a contact's record is."""
    return "contacts", str(key)


def name_cell(contact_id: str) -> Cell:
    """Where the key of a contact stands, by its own id or that of one that was merged into it."""
    return "contact_ids", contact_id


def consents_cell(key: int) -> Cell:
    """Where it stands what a contact has agreed to."""
    return "consents", str(key)


def departed_cell(digest: str) -> Cell:
    """Where it stands in which period somebody was erased who had an identity, by its hash."""
    return "departed", digest


def page_cell(page: int | str) -> Cell:
    """Where the name of a page stands."""
    return "pages", str(page)
