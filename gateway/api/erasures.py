"""A person's right to a copy of what is known of them, and to its deletion."""

import secrets
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct
from starlette.responses import Response

from adapters import ADAPTERS
from adapters.base import Identity
from adapters.event import Event
from gateway.api.answers import answer, seconds, view
from gateway.api.bodies import Input
from gateway.api.contact_views import StoredContact, show
from gateway.api.contacts import contact_of
from gateway.api.operations import Call, Operation
from gateway.api.paging import Query
from gateway.api.problems import invalid, not_found
from gateway.contacts.resolution import PAGE_SCOPED
from gateway.identifiers import new_id
from gateway.store import erasure as stored
from gateway.store.contact import ContactFilter, KnownIdentity
from gateway.store.records import EventFilter, PageRequest

_PAGE = 100
_PUBLIC = ("comment.*", "mention.received", "review.received", "feed.update")


class _Author(Struct):
    id: str | None = msgspec.field(name="from", default=None)


_author = msgspec.json.Decoder(_Author)


class Erasure(Struct, frozen=True, kw_only=True):
    """A person's data on its way out. Nothing in it tells who the person is."""

    code: str
    """What it is asked for by, here and on the page that Meta shows to the person."""
    state: stored.ErasureState
    """`parked`: who was known is erased; it goes on once Meta has told the person's other ids, or somebody is
    known under that id."""
    events: int
    """Events that are gone."""
    requested_at: int
    finished_at: int | None


class NewErasure(Input, frozen=True, kw_only=True):
    """Whom to erase, by any of their identities."""

    platform: str
    kind: Literal["psid", "igsid", "wa_id", "phone", "bsuid", "parent_bsuid", "user_ref", "asid"]
    value: Annotated[str, Meta(min_length=3, max_length=256)]
    scope: Annotated[str, Meta(max_length=256)] = ""
    """The Page or Instagram account, the app for `asid`, the WABA or portfolio on WhatsApp. For `asid` it may
    be left out: any app."""


class PersonExport(Struct, frozen=True, kw_only=True):
    """Everything of one person that the caller may see."""

    contact: StoredContact
    events: tuple[Event, ...]
    """Of the person's conversations, then what they wrote in public on the pages, as far as it is known to be
    theirs; each oldest first, as they are delivered."""


async def erase_contact(call: Call[Query]) -> Response:
    """Erase a person: everything that the caller has of them, physically and for good.

    It begins at once and takes seconds to minutes; `contact.erased` tells when it is done. What the
    platform sends again of it stays erased. Who writes again is somebody new.
    """
    contact = await contact_of(call)
    plan = stored.ErasurePlan(platform=contact.platform, contact_id=contact.id, customer_id=call.customer_id)
    return answer(_show(await begin(call, plan)), 202)


async def erase_identity(call: Call[NewErasure]) -> Response:
    """Erase a person of all customers, by any identity, known or not.

    By an `asid` it is not over before Meta was asked for the person's ids on all Pages of the app's business.
    """
    given = call.given
    if given.platform not in ADAPTERS:
        raise invalid("platform", f"is none of {', '.join(ADAPTERS)}")
    if not given.scope and given.kind != "asid":
        raise invalid("scope", f"is required: a {given.kind} means somebody else elsewhere")
    identity, searched = Identity(given.kind, given.value, given.scope), True
    if given.kind == "asid":
        await _check_app(call, identity)
        searched = not call.services.seek(given.platform)
    plan = stored.ErasurePlan(platform=given.platform, identity=identity, searched=searched)
    return answer(_show(await begin(call, plan)), 202)


async def _check_app(call: Call[NewErasure], asid: Identity) -> None:
    """Nobody can be asked about people of an app that is not ours: the person has to be known already."""
    if asid.scope in ("", *call.services.directory.apps):
        return
    which = ContactFilter(platform=call.given.platform, identity=asid.value, kind="asid")
    known = await call.services.store.people.contacts(None, which, PageRequest(limit=_PAGE))
    if not any(one.identity == asid for contact in known.data for one in contact.identities):
        raise invalid("scope", "is no app that is registered here, and nobody is known by this id of it")


async def get_erasure(call: Call[Query]) -> Response:
    """Show how far an erasure is."""
    erasure = await call.services.store.people.erasure(call.path["id"])
    if erasure is None:
        raise not_found("erasure", call.path["id"])
    return answer(_show(erasure))


async def export_contact(call: Call[Query]) -> Response:
    """Export a person: identities, profile, consents, conversations, and every event of them."""
    contact = await contact_of(call)
    events: list[Raw] = []
    for conversation in contact.conversations:
        for identifier in (conversation.id, *conversation.aliases):
            events += await _events(call, EventFilter(conversation_id=identifier))
    for identity in contact.identities:
        events += await _public(call, contact.platform, identity)
    return answer({"contact": show(contact), "events": events})


async def begin(call: Call[Any], plan: stored.ErasurePlan) -> stored.Erasure:
    """Keep the request to erase somebody; it is carried on from there."""
    erasure = new_erasure(call.services.clock())
    return await call.services.store.people.begin_erasure(erasure, plan)


def new_erasure(now: int) -> stored.Erasure:
    """A request that is made now. Nobody can guess its code."""
    return stored.Erasure(id=new_id("era"), code=secrets.token_hex(16), state="running", requested_at=now)


async def _public(call: Call[Any], platform: str, identity: KnownIdentity) -> list[Raw]:
    """What somebody has written in public under an id that is a page's."""
    if identity.kind not in PAGE_SCOPED:
        return []
    found: list[Raw] = []
    for name in _PUBLIC:
        which = EventFilter(event=name, platform=platform, page_id=identity.scope)
        said = await _events(call, which)
        found += [one for one in said if _author.decode(one).id == identity.value]
    return found


async def _events(call: Call[Any], which: EventFilter) -> list[Raw]:
    found: list[Raw] = []
    cursor = None
    while True:
        request = PageRequest(limit=_PAGE, cursor=cursor, ascending=True)
        page = await call.services.store.events(call.customer_id, which, request)
        found += [msgspec.Raw(event.body) for event in page.data]
        cursor = page.next_cursor
        if cursor is None:
            return found


def _show(erasure: stored.Erasure) -> Erasure:
    finished_at = None if erasure.finished_at is None else seconds(erasure.finished_at)
    return view(
        Erasure,
        erasure,
        events=erasure.erased,
        requested_at=seconds(erasure.requested_at),
        finished_at=finished_at,
    )


OPERATIONS = (
    Operation("DELETE", "/v1/contacts/{id}", erase_contact, {202: Erasure}, access="write"),
    Operation("GET", "/v1/contacts/{id}/export", export_contact, {200: PersonExport}),
    Operation("POST", "/v1/erasures", erase_identity, {202: Erasure}, access="operator", body=NewErasure),
    Operation("GET", "/v1/erasures/{id}", get_erasure, {200: Erasure}, access="operator"),
)
