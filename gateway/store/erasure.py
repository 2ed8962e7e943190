"""The erasure of a person as it is stored. Times are Unix milliseconds."""

from typing import Literal

from msgspec.structs import replace

from adapters.base import Identity
from gateway.store.record import Record

ErasureState = Literal["running", "parked", "done"]
"""`parked`: the person is named by an id of an app that leads to nobody yet, or not to all that they are."""


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
    others: tuple[Identity, ...] = ()
    """Ids of the same person, as the platform says: contacts that have any of these go as well."""
    searched: bool = True
    """Whether the platform was asked for others. Until it has answered, a plan by an app's id is not over."""
    begun: bool = False
    """Who was known without asking is erased."""
    contact_id: str | None = None
    """… or by the contact's."""
    customer_id: str | None = None
    """Only what this customer has of the person; None: everything."""

    @property
    def identities(self) -> tuple[Identity, ...]:
        """All ids that the plan names."""
        return (*((self.identity,) if self.identity is not None else ()), *self.others)

    @property
    def of_app(self) -> bool:
        """Whether the person is named by an id that may lead to nobody yet."""
        return self.identity is not None and self.identity.kind == "asid"

    @property
    def left(self) -> "ErasurePlan | None":
        """What is to be done when the platform has answered; None: nothing."""
        return None if self.searched else replace(self, begun=True)

    def answered(self, others: tuple[Identity, ...]) -> "ErasurePlan":
        """The plan once the platform has told the person's other ids."""
        return replace(self, others=others, searched=True)

    def means(self, platform: str, identity: Identity) -> bool:
        """Whether this is the identity that it names; without a scope it names that of any app."""
        named = self.identity
        if named is None or self.platform != platform or named.scope not in ("", identity.scope):
            return False
        return (named.kind, named.value) == (identity.kind, identity.value)


class Concerned(Record, frozen=True, kw_only=True):
    """A customer that had data of the person."""

    customer_id: str
    contact_id: str | None
    """The contact as which the customer knew them; a person of several Pages is one for each."""


class ErasureStep(Record, frozen=True, kw_only=True):
    """What one step came to."""

    erasure: Erasure
    done: bool
    """It was the last one: nothing is left of the person, and those who had the data are to be told."""
    stuck: bool = False
    """Something else had to end first; try again in a while."""
    platform: str = ""
    concerned: tuple[Concerned, ...] = ()
    """Who had the person's data; known at the end."""
    remains: tuple[str, ...] = ()
    """What the store could not have overwritten, and somebody else has to; known at the end."""
