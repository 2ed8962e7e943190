"""People who have logged in to the business's app, found on its Pages."""

from msgspec import Struct
from starlette.responses import Response

from adapters.base import Identity
from gateway.api.answers import answer, view
from gateway.api.bodies import Input
from gateway.api.contact_changes import Value
from gateway.api.contact_views import StoredContact, show
from gateway.api.operations import Call, Operation
from gateway.api.problems import Problem, ProblemKind, not_found
from gateway.log import line, logger
from gateway.store.contact import KnownContact
from gateway.store.contacts import Unmergeable

_PLATFORM = "facebook"


class Login(Input, frozen=True, kw_only=True):
    """A person, as an app knows them."""

    asid: Value
    app_id: Value
    """One of `/v1/apps`."""


class PageIdentity(Struct, frozen=True, kw_only=True):
    """The person on one of your Pages."""

    kind: str
    value: str
    scope: str
    """The Page."""


class MatchedLogin(Struct, frozen=True, kw_only=True):
    """Where the person has talked with you."""

    identities: tuple[PageIdentity, ...]
    contacts: tuple[StoredContact, ...]
    """Those of them who are known here; the ASID is one of their identities now."""


async def match_login(call: Call[Login]) -> Response:
    """Ask Meta under which PSIDs your Pages know a person who has logged in to your app.

    App and Page belong to the same business, and the app has `pages_user_ids`. Only people who have talked
    with a Page have a PSID there; you can write to it whether the gateway has met them or not.
    """
    asid = Identity("asid", call.given.asid, call.given.app_id)
    if asid.scope not in call.services.directory.apps:
        raise not_found("app", asid.scope)
    found = await call.services.find_pages(asid)
    if found is None:
        raise Problem(ProblemKind.GRAPH_UNREACHABLE, "Meta does not say now who this is. Try again.")
    own = {one.page_id for one in call.visible.accounts() if one.platform == _PLATFORM}
    psids = [one for one in found if one.scope in own]
    contacts: dict[str, KnownContact] = {}
    for psid in psids:
        if (contact := await _linked(call, psid, asid)) is not None:
            contacts[contact.id] = contact
    shown = tuple(show(one) for one in contacts.values())
    identities = tuple(view(PageIdentity, one) for one in psids)
    return answer(MatchedLogin(identities=identities, contacts=shown))


async def _linked(call: Call[Login], psid: Identity, asid: Identity) -> KnownContact | None:
    """The contact with the PSID, who has the ASID from now on; None: nobody is known under it."""
    people = call.services.store.people
    addressee = await people.addressee(_PLATFORM, psid.scope, psid)
    if addressee is None:
        return None
    try:
        await people.link(call.customer_id, addressee.contact_id, _PLATFORM, asid)
    except Unmergeable:
        # Another customer has the contact too, or it has just gone.
        logger.info(line("the contact of a matched id is not changed", contact=addressee.contact_id))
    else:
        await people.resolve_parked(_PLATFORM, asid)
    return await people.contact(call.customer_id, addressee.contact_id)


OPERATIONS = (
    Operation(
        "POST",
        "/v1/contacts/match-ids",
        match_login,
        {200: MatchedLogin},
        access="write",
        body=Login,
        problems=(ProblemKind.GRAPH_UNREACHABLE,),
    ),
)
