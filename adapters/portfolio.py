"""All that a login or a system user of Meta's can connect. Pure: requests, and what answers mean.

    GET /me/accounts?fields=…                 {"data":[{"id":"…","name":"…","access_token":"…",
                                               "instagram_business_account":{"id":"17841…","username":"…"}}]}
    GET /{business}/owned_whatsapp_business_accounts        {"data":[{"id":"<waba>","name":"…"}]}
    GET /{waba}/phone_numbers                 {"data":[{"id":"…","verified_name":"…"}]}
    GET /me?fields=id,instagram_business_account            the two sides of a Page, with the Page's token

Meta, "Graph API: User Accounts", "WhatsApp Business Management API: Get WABAs, Phone numbers".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from adapters._graph import listing
from adapters._graph.answer import result
from adapters._graph.edge import FACEBOOK, edge
from adapters._graph.meaning import GRAPH
from adapters._values import mapping, text, untyped
from adapters.sending import Request, SendError

WABA_SCOPE = "whatsapp_business_management"
"""The permission whose targets are the WABAs that a token is for."""
_LINKED = "instagram_business_account"
_PAGE_SIZE = "100"


class Asset(Struct, frozen=True, kw_only=True):
    """Something that can be connected."""

    platform: str
    page_id: str
    name: str | None = None
    waba_id: str | None = None
    access_token: str | None = None
    """Its own; None: the token that asked speaks for it."""

    def __repr__(self) -> str:
        return f"Asset(platform={self.platform!r}, page_id={self.page_id!r})"


class Batch(Struct, frozen=True):
    """One page of a list; `after` asks for the next one."""

    assets: tuple[Asset, ...]
    after: str | None


def pages_request(after: str | None = None) -> Request:
    """The request for the Pages, with the Instagram accounts that are linked to them."""
    fields = f"id,name,access_token,{_LINKED}{{id,username}}"
    return _list(edge("me", "accounts"), fields, after)


def pages_result(status: int, headers: Mapping[str, str], body: bytes) -> Batch | SendError:
    """The Pages and their Instagram accounts, both with the Page's token."""
    outcome = result(status, headers, body, GRAPH)
    if isinstance(outcome, SendError):
        return outcome
    found = tuple(asset for row in listing.rows(body) for asset in _sides(row))
    return Batch(found, listing.after(body))


def wabas_request(business_id: str, *, clients: bool, after: str | None = None) -> Request:
    """The request for the WABAs that a business owns, or that its clients have shared with it."""
    whose = "client" if clients else "owned"
    return _list(edge(business_id, f"{whose}_whatsapp_business_accounts"), "id,name", after)


def wabas_result(status: int, headers: Mapping[str, str], body: bytes) -> Batch | SendError:
    """The WABAs, as assets that only have a `waba_id`."""
    outcome = result(status, headers, body, GRAPH)
    if isinstance(outcome, SendError):
        return outcome
    ids = [id for row in listing.rows(body) if (id := text(row.get("id")))]
    return Batch(tuple(Asset(platform="whatsapp", page_id="", waba_id=id) for id in ids), listing.after(body))


def numbers_request(waba_id: str, after: str | None = None) -> Request:
    """The request for the numbers of a WABA."""
    return _list(edge(waba_id, "phone_numbers"), "id,verified_name", after)


def numbers_result(status: int, headers: Mapping[str, str], body: bytes, waba_id: str) -> Batch | SendError:
    """The numbers."""
    outcome = result(status, headers, body, GRAPH)
    if isinstance(outcome, SendError):
        return outcome
    found = tuple(
        Asset(platform="whatsapp", page_id=id, name=text(row.get("verified_name")), waba_id=waba_id)
        for row in listing.rows(body)
        if (id := text(row.get("id")))
    )
    return Batch(found, listing.after(body))


def linked_request() -> Request:
    """The request for the Page of a token and its Instagram account, which share one subscription."""
    return Request(method="GET", host=FACEBOOK, path=edge("me"), query={"fields": f"id,{_LINKED}"})


def linked_result(status: int, headers: Mapping[str, str], body: bytes) -> tuple[Asset, ...] | SendError:
    """Both, as far as there are both."""
    outcome = result(status, headers, body, GRAPH)
    return outcome if isinstance(outcome, SendError) else tuple(_sides(mapping(untyped(body))))


def _sides(row: dict[str, Any]) -> Iterator[Asset]:
    page_id, token = text(row.get("id")), text(row.get("access_token"))
    if page_id:
        yield Asset(platform="facebook", page_id=page_id, name=text(row.get("name")), access_token=token)
    linked = mapping(row.get(_LINKED))
    if account_id := text(linked.get("id")):
        name = text(linked.get("username"))
        yield Asset(platform="instagram", page_id=account_id, name=name, access_token=token)


def _list(path: str, fields: str, after: str | None) -> Request:
    query = {"fields": fields, "limit": _PAGE_SIZE} | ({"after": after} if after else {})
    return Request(method="GET", host=FACEBOOK, path=path, query=query)
