"""Changes to contacts: a customer's word on who is one person, and who is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from msgspec import Meta
from starlette.responses import Response

from adapters.base import Identity
from gateway.api.answers import answer
from gateway.api.bodies import Input
from gateway.api.contact_views import StoredContact, show
from gateway.api.contacts import contact_of
from gateway.api.identity_scopes import check_scope
from gateway.api.operations import Call, Operation
from gateway.api.problems import Problem, ProblemKind, invalid, not_found
from gateway.store.contacts import IdentityTaken, Unmergeable

Value = Annotated[str, Meta(min_length=1, max_length=256)]

_REASONS = {
    "same_contact": "They are one contact already.",
    "other_platform": "They are on different platforms.",
    "both_active": "Both can be written to under an id of one kind on one page: they are two accounts.",
    "shared": "Another customer talks with this person too; ask the operator.",
}


class NamedIdentity(Input, frozen=True, kw_only=True):
    """An identity, complete."""

    kind: Literal["psid", "igsid", "wa_id", "phone", "bsuid", "parent_bsuid", "user_ref", "asid"]
    value: Value
    scope: Value
    """The Page or Instagram account; the app for `asid`; the WABA or portfolio on WhatsApp."""


class Merge(Input, frozen=True, kw_only=True):
    """Who is the same person."""

    contact_id: Value


class IdentityConfirmation(Input, frozen=True, kw_only=True):
    """The answer to a `contact.identity_suspected`."""

    suspect: Value
    """The other contact: `identity.details.previous_contact_id` of the event."""
    same_person: bool = True
    """False is remembered: the two are never suspected again."""


async def link_identity(call: Call[NamedIdentity]) -> Response:
    """Give a contact one more identity, such as the ASID that a login brought."""
    given, people = call.given, call.services.store.people
    contact = await contact_of(call)
    check_scope(call, contact.platform, given.kind, given.scope)
    identity = Identity(given.kind, given.value, given.scope)
    with _refusals(call):
        await people.link(call.customer_id, contact.id, contact.platform, identity)
    await people.resolve_parked(contact.platform, identity)
    return await _shown(call)


async def unlink_identity(call: Call[NamedIdentity]) -> Response:
    """Take an identity away from a contact. Its last one stays: without it nothing leads there."""
    given, people = call.given, call.services.store.people
    contact = await contact_of(call)
    identity = Identity(given.kind, given.value, given.scope)
    with _refusals(call):
        if not await people.unlink(call.customer_id, contact.id, identity):
            raise invalid("value", "is no identity of this contact")
    return await _shown(call)


async def merge_contacts(call: Call[Merge]) -> Response:
    """Make two contacts one. The older goes on, and on every page the older conversation with it.

    The id of the other contact and the ids of its conversations still lead there.
    """
    return await _merged(call, call.given.contact_id)


async def confirm_identity(call: Call[IdentityConfirmation]) -> Response:
    """Say whether a suspected identity is the same person.

    If so, the contacts are merged: what comes from the new id goes on in the old conversation. If not,
    it is never asked again. Saying the same twice is saying it once.
    """
    given = call.given
    if given.same_person:
        return await _merged(call, given.suspect)
    contact = await contact_of(call)
    with _refusals(call):
        await call.services.store.people.keep_apart(call.customer_id, contact.id, given.suspect)
    return await _shown(call)


async def _merged(call: Call[Any], other_id: str) -> Response:
    people = call.services.store.people
    contact = await contact_of(call)
    if await people.contact(call.customer_id, other_id) is None:
        raise not_found("contact", other_id)
    try:
        await people.merge(call.customer_id, contact.id, other_id)
    except Unmergeable as error:
        # Whoever repeats a request that was done finds it done.
        if error.reason != "same_contact" or other_id == call.path["id"]:
            raise _refusal(call, error) from None
    return await _shown(call)


async def _shown(call: Call[Any]) -> Response:
    return answer(show(await contact_of(call)))


@contextmanager
def _refusals(call: Call[Any]) -> Iterator[None]:
    """The store's refusals as problems."""
    try:
        yield
    except IdentityTaken:
        detail = "It is another contact's, or the only one left."
        raise Problem(ProblemKind.IDENTITY_IN_USE, detail) from None
    except Unmergeable as error:
        raise _refusal(call, error) from None


def _refusal(call: Call[Any], error: Unmergeable) -> Problem:
    if error.reason == "gone":
        return not_found("contact", call.path["id"])
    kind = ProblemKind.CONTACT_SHARED if error.reason == "shared" else ProblemKind.CONTACTS_DISTINCT
    return Problem(kind, _REASONS[error.reason])


_PROBLEMS = (ProblemKind.CONTACT_SHARED,)
OPERATIONS = (
    Operation(
        "POST",
        "/v1/contacts/{id}/link",
        link_identity,
        {200: StoredContact},
        access="write",
        body=NamedIdentity,
        problems=(*_PROBLEMS, ProblemKind.IDENTITY_IN_USE),
    ),
    Operation(
        "POST",
        "/v1/contacts/{id}/unlink",
        unlink_identity,
        {200: StoredContact},
        access="write",
        body=NamedIdentity,
        problems=(*_PROBLEMS, ProblemKind.IDENTITY_IN_USE),
    ),
    Operation(
        "POST",
        "/v1/contacts/{id}/merge",
        merge_contacts,
        {200: StoredContact},
        access="write",
        body=Merge,
        problems=(*_PROBLEMS, ProblemKind.CONTACTS_DISTINCT),
    ),
    Operation(
        "POST",
        "/v1/contacts/{id}/confirm-identity",
        confirm_identity,
        {200: StoredContact},
        access="write",
        body=IdentityConfirmation,
        problems=(*_PROBLEMS, ProblemKind.CONTACTS_DISTINCT),
    ),
)
