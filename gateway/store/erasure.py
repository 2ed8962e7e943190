"""The erasure of a person as it is stored. Times are Unix milliseconds."""

from typing import Literal

from adapters.base import Identity
from gateway.store.record import Record

ErasureState = Literal["running", "parked", "done"]
"""`parked`: the person is named by an id that leads to nobody yet."""


class Erasure(Record, frozen=True, kw_only=True):
    """A person's data on its way out. Nothing in it tells who the person is."""

    id: str
    code: str
    """What the person was given to ask how far it is."""
    state: ErasureState
    requested_at: int
    finished_at: int | None = None
    erased: int = 0
    """Events that are gone."""


class ErasurePlan(Record, frozen=True, kw_only=True):
    """Whom to erase. Kept while it is under way."""

    platform: str
    identity: Identity | None = None
    """By one of their ids …"""
    contact_id: str | None = None
    """… or by the contact's."""
    customer_id: str | None = None
    """Only what this customer has of the person; None: everything."""

    def means(self, platform: str, identity: Identity) -> bool:
        """Whether this is the identity that it names; without a scope it names that of any app."""
        named = self.identity
        if named is None or self.platform != platform or named.scope not in ("", identity.scope):
            return False
        return (named.kind, named.value) == (identity.kind, identity.value)


class ErasureStep(Record, frozen=True, kw_only=True):
    """What one step came to."""

    erasure: Erasure
    done: bool
    """It was the last one: nothing is left of the person, and those who had the data are to be told."""
    stuck: bool = False
    """Something else had to end first; try again in a while."""
    platform: str = ""
    customer_ids: tuple[str, ...] = ()
    """Who had the person's data; known at the end."""
    contact_id: str | None = None
    remains: tuple[str, ...] = ()
    """What the store could not have overwritten, and somebody else has to; known at the end."""
