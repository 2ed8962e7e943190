"""`subscribed_apps`: GET lists the apps that are told of an account's events, POST adds the token's own app.

    {"data":[{"id":"<app>","name":"…","subscribed_fields":["messages"]}]}           Page, Instagram account
    {"data":[{"whatsapp_business_api_data":{"id":"<app>","name":"…"}}]}             WhatsApp Business Account

Meta, "Page: Subscribed Apps", "Instagram Platform: Webhooks", "WhatsApp: Subscribe to a WABA".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from adapters._graph import listing
from adapters._graph.answer import result
from adapters._graph.edge import edge
from adapters._graph.meaning import Meanings
from adapters._values import mapping, text
from adapters.sending import Request, SendError
from adapters.subscription import Subscription

EDGE = "subscribed_apps"


def subscribe(host: str, node: str, fields: tuple[str, ...] = ()) -> Request:
    """The request that subscribes the app of the token; repeated it changes nothing."""
    query = {"subscribed_fields": ",".join(fields)} if fields else {}
    return Request(method="POST", host=host, path=edge(node, EDGE), query=query)


def subscribed(host: str, node: str) -> Request:
    """The request for the apps that are subscribed."""
    return Request(method="GET", host=host, path=edge(node, EDGE))


def subscriptions(
    status: int, headers: Mapping[str, str], body: bytes, table: Meanings
) -> tuple[Subscription, ...] | SendError:
    """The apps; none where nobody is told anything."""
    outcome = result(status, headers, body, table)
    return outcome if isinstance(outcome, SendError) else tuple(_apps(listing.rows(body)))


def _apps(rows: list[dict[str, Any]]) -> Iterator[Subscription]:
    for row in rows:
        app = mapping(row.get("whatsapp_business_api_data")) or row
        fields = row.get("subscribed_fields")
        names = map(text, fields) if isinstance(fields, list) else ()
        if app_id := text(app.get("id")):
            yield Subscription(app_id=app_id, fields=tuple(name for name in names if name))
