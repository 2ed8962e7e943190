"""Where Meta posts webhooks to. Pure: requests, and what answers mean.

    GET /{app}/subscriptions         {"data":[{"object":"page","callback_url":"https://…","active":true,
                                      "fields":[{"name":"messages"}]}]}            (the app's own token)
    GET /{phone_number_id}?fields=webhook_configuration
                                     {"webhook_configuration":{"phone_number":"https://…"}}

Meta, "Graph API: App Subscriptions", "WhatsApp: Override a webhook".
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from adapters._graph import listing
from adapters._graph.answer import result
from adapters._graph.edge import FACEBOOK, edge
from adapters._graph.meaning import GRAPH
from adapters._values import mapping, text, untyped
from adapters.sending import Request, SendError

_OVERRIDES = ("phone_number", "whatsapp_business_account")
_CONFIGURATION = "webhook_configuration"


class Callback(Struct, frozen=True, kw_only=True):
    """Where an app's webhooks of one object go."""

    object: str
    url: str
    active: bool
    fields: tuple[str, ...]


def callbacks_request(app_id: str) -> Request:
    """The request for an app's callbacks, made with `app_token`."""
    return Request(method="GET", host=FACEBOOK, path=edge(app_id, "subscriptions"))


def app_token(app_id: str, app_secret: str) -> str:
    """What an app speaks for itself with. Meta, "Access Tokens: App Access Tokens"."""
    return f"{app_id}|{app_secret}"


def callbacks_result(
    status: int, headers: Mapping[str, str], body: bytes
) -> tuple[Callback, ...] | SendError:
    """The callbacks, one for each object."""
    outcome = result(status, headers, body, GRAPH)
    return outcome if isinstance(outcome, SendError) else tuple(map(_callback, listing.rows(body)))


def override_request(phone_number_id: str) -> Request:
    """The request for the callback that a WhatsApp number has of its own."""
    query = {"fields": _CONFIGURATION}
    return Request(method="GET", host=FACEBOOK, path=edge(phone_number_id), query=query)


def override_result(status: int, headers: Mapping[str, str], body: bytes) -> str | SendError:
    """The URL that takes the place of the app's; empty where there is none."""
    outcome = result(status, headers, body, GRAPH)
    if isinstance(outcome, SendError):
        return outcome
    configured = mapping(mapping(untyped(body)).get(_CONFIGURATION))
    return next((url for name in _OVERRIDES if (url := text(configured.get(name)))), "")


def _callback(row: dict[str, Any]) -> Callback:
    fields = row.get("fields")
    named = [mapping(each).get("name") for each in fields] if isinstance(fields, list) else []
    return Callback(
        object=text(row.get("object")) or "",
        url=text(row.get("callback_url")) or "",
        active=row.get("active") is True,
        fields=tuple(name for each in named if (name := text(each))),
    )
