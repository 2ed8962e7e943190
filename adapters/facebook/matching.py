"""ID Matching: a person's id with a Page and their id with an app, one from the other.

    GET /{psid}/ids_for_apps?app=…     with the Page's token
    GET /{asid}/ids_for_pages?page=…   with the app's token
    {"data":[{"id":"…","app":{"id":"…"}}],"paging":{…}}

Both need `appsecret_proof`, which whoever has the token adds. The Page and the app must belong to the same
business, and only who has logged in with the app has an id there. Meta, "Facebook Login: ID Matching".
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from adapters._graph import answer, listing
from adapters._graph.edge import FACEBOOK, edge
from adapters._messenger.send.errors import ERRORS
from adapters._values import mapping, text
from adapters.base import Identity
from adapters.sending import Request, SendError


class Matches(Struct, frozen=True, kw_only=True):
    """One page of a person's ids; none at all is an answer, too."""

    identities: tuple[Identity, ...]
    after: str | None
    """What to ask for the next page with; None on the last. A page without ids can have a next one."""


def ids_for_apps(psid: str, *, app_id: str | None = None, after: str | None = None) -> Request:
    """The person's ids with the business's apps, or with one of them."""
    return _request(psid, "ids_for_apps", {"app": app_id, "after": after})


def ids_for_pages(asid: str, *, page_id: str | None = None, after: str | None = None) -> Request:
    """The person's ids with the business's Pages, or with one of them."""
    return _request(asid, "ids_for_pages", {"page": page_id, "after": after})


def matches(
    status: int, headers: Mapping[str, str], body: bytes, kind: Literal["psid", "asid"]
) -> Matches | SendError:
    """What the answer says: ids of the kind that was asked for, each with the app or Page it belongs to."""
    outcome = answer.result(status, headers, body, ERRORS)
    if isinstance(outcome, SendError):
        return outcome
    owner = "app" if kind == "asid" else "page"
    found = [(text(row.get("id")), text(mapping(row.get(owner)).get("id"))) for row in listing.rows(body)]
    identities = tuple(Identity(kind, id, scope) for id, scope in found if id and scope)
    return Matches(identities=identities, after=listing.after(body))


def _request(node: str, name: str, parameters: Mapping[str, str | None]) -> Request:
    query = {key: value for key, value in parameters.items() if value is not None}
    return Request(method="GET", host=FACEBOOK, path=edge(node, name), query=query)
