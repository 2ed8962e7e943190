"""Contacts: who the people are, under which names, and what they agreed to."""

from typing import Any

from msgspec.structs import replace
from starlette.responses import Response

from gateway.api.answers import answer
from gateway.api.contact_views import ContactConversation, StoredContact, show, show_conversation
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, shown
from gateway.api.problems import not_found
from gateway.store.contact import ContactFilter, KnownContact


class ContactQuery(ListQuery, frozen=True, kw_only=True):
    """Which contacts."""

    platform: str | None = None
    page_id: str | None = None
    """Who has talked with this page."""
    identity: str | None = None
    """The value of any identity, whatever its kind."""
    kind: str | None = None
    """The kind of `identity`; alone: who has one of this kind."""
    name: str | None = None
    """How the name begins."""
    stale: bool | None = None
    """Whether any of the identities cannot be written to any more."""


async def list_contacts(call: Call[ContactQuery]) -> Response:
    """List contacts, or find one by an identity."""
    names = ("platform", "page_id", "identity", "kind", "name", "stale")
    which = ContactFilter(**{name: getattr(call.given, name) for name in names})
    page = await call.services.store.people.contacts(call.customer_id, which, call.given.page())
    seen = tuple(one for one in page.data if _is_seen(one, which.identity))
    return answer(shown(replace(page, data=seen), show))


def _is_seen(contact: KnownContact, value: str | None) -> bool:
    """Whether what the contact was found by is anything that the caller may see of it."""
    return value is None or any(one.value == value for one in contact.identities)


async def get_contact(call: Call[Query]) -> Response:
    """Show one contact, by its id or by that of a contact that was merged into it."""
    return answer(show(await contact_of(call)))


async def list_contact_conversations(call: Call[Query]) -> Response:
    """List the conversations of a contact, oldest first; never more than it has pages."""
    contact = await contact_of(call)
    data = tuple(show_conversation(one) for one in contact.conversations)
    return answer(Listing(data=data, next_cursor=None))


async def refresh_contact(call: Call[Query]) -> Response:
    """Ask the platform for the person's profile now, on every page of theirs that has a token.

    Where there is none to be had, `profile.missing` says why. WhatsApp has no profiles to ask for.
    """
    contact = await contact_of(call)
    own = {conversation.page_id for conversation in contact.conversations}
    for one in contact.identities:
        if one.scope in own:
            await call.services.refresh(contact.platform, one.scope, one.identity)
    return await get_contact(call)


async def match_ids(call: Call[Query]) -> Response:
    """Ask Meta for the person's ids with the business's apps, and keep them as `asid` identities.

    The page's token needs `pages_user_ids`, and app and Page belong to the same business. Messenger only.
    """
    await call.services.match(await contact_of(call))
    return await get_contact(call)


async def contact_of(call: Call[Any]) -> KnownContact:
    """The contact that the path names. Raises Problem (404)."""
    contact = await call.services.store.people.contact(call.customer_id, call.path["id"])
    if contact is None:
        raise not_found("contact", call.path["id"])
    return contact


OPERATIONS = (
    Operation("GET", "/v1/contacts", list_contacts, {200: Listing[StoredContact]}, query=ContactQuery),
    Operation("GET", "/v1/contacts/{id}", get_contact, {200: StoredContact}),
    Operation(
        "GET",
        "/v1/contacts/{id}/conversations",
        list_contact_conversations,
        {200: Listing[ContactConversation]},
    ),
    Operation("POST", "/v1/contacts/{id}/match-ids", match_ids, {200: StoredContact}, access="write"),
    Operation("POST", "/v1/contacts/{id}/refresh", refresh_contact, {200: StoredContact}, access="write"),
)
