"""The part of the store contract about people: who they are, what they agreed to, who is one person.

Reached as `store.people`. Customer-scoped calls take the customer first (None: the operator): a customer
sees a contact only through its own pages, and of a contact that it shares only its own side.
"""

from typing import Protocol

from adapters.base import Identity
from gateway.store.contact import (
    ContactFilter,
    KnownAddressee,
    KnownContact,
    KnownProfile,
    StaleReason,
    Suspect,
)
from gateway.store.erasing import Erasing
from gateway.store.records import Page, PageRequest


class Unmergeable(Exception):
    """The two contacts cannot be one, or must not be changed so; `reason` is one of the codes below.

    `same_contact` · `other_platform` · `both_active` (each has a live id of one kind on one page) ·
    `shared` (another customer has conversations with one of them).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class IdentityTaken(Exception):
    """The identity is another contact's, or the only one that the contact has left."""


class People(Erasing, Protocol):
    """One implementation per kind of store; tests/store/ holds the suite that all of them pass."""

    # Sending

    async def addressee(self, platform: str, page_id: str, identity: Identity) -> KnownAddressee | None:
        """Who would get a message from this page. None: nobody is known under the identity."""
        ...

    async def mark_stale(self, platform: str, identity: Identity, reason: StaleReason, at: int) -> bool:
        """Remember that the identity cannot be written to; whatever comes from it next takes that back.

        False: nobody is known under it. An earlier mark stays as it is.
        """
        ...

    # Read

    async def contacts(
        self, customer_id: str | None, which: ContactFilter, page: PageRequest
    ) -> Page[KnownContact]:
        """Newest first. By identity: one indexed read, however many contacts there are."""
        ...

    async def contact(self, customer_id: str | None, contact_id: str) -> KnownContact | None:
        """By its own id or by that of a contact that was merged into it."""
        ...

    # Change

    async def link(self, customer_id: str | None, contact_id: str, platform: str, identity: Identity) -> None:
        """Give a contact one more identity. Raises IdentityTaken, Unmergeable (`shared`)."""
        ...

    async def unlink(self, customer_id: str | None, contact_id: str, identity: Identity) -> bool:
        """Take an identity away. False: it had none such. Raises IdentityTaken, Unmergeable (`shared`)."""
        ...

    async def merge(self, customer_id: str | None, contact_id: str, other_id: str) -> str:
        """Make two contacts one: the older goes on, on every page the older conversation with it.

        The id of the other and the ids of its conversations still lead there. Returns the id that goes
        on. Raises Unmergeable.
        """
        ...

    async def keep_apart(self, customer_id: str | None, contact_id: str, other_id: str) -> None:
        """Remember that they are two people: they are never suspected again. Raises Unmergeable."""
        ...

    async def deauthorize(self, platform: str, identity: Identity) -> None:
        """The person has removed the app: the app's id of them is a former one, and all cached profiles go.

        The id stays, since a deletion that they ask for next names them by it. An empty scope means any app.
        """
        ...

    # Profiles

    async def profile(self, platform: str, identity: Identity) -> KnownProfile | None:
        """What is cached, fresh or not."""
        ...

    async def keep_profile(
        self, platform: str, profile: KnownProfile, name: str | None, picture: str | None
    ) -> None:
        """Cache an answer, and fill a contact's name where the platform has not told it otherwise.

        An identity that nobody is known under keeps nothing.
        """
        ...

    async def suspects(self, platform: str, identity: Identity) -> tuple[Suspect, ...]:
        """Stale contacts of the identity's page with the name and the picture of its profile.

        Not those that a customer has kept apart, and nobody by a picture that somebody of another name on
        the page has as well: such a one is the platform's stand-in, or everybody's. At most two: more than
        one is as good as none.
        """
        ...
