"""People on their way into a store, and what it told of them."""

from typing import Any

from gateway.store.base import Store
from gateway.store.records import Arrival, EventFilter, PageRequest
from tests.store.samples import body_of, message, wa

FIRST = "usr_00000000-0000-0000-0000-000000000001"
SECOND = "usr_00000000-0000-0000-0000-000000000002"


def on_whatsapp(mid: str, *identities: tuple[str, str], **fields: object) -> Arrival:
    return message(mid, wa(*identities), platform="whatsapp", **fields)


async def bodies(store: Store, *arrivals: Arrival) -> list[dict[str, Any]]:
    """The events of these arrivals, derived ones too, oldest first, without `conversation.started`."""
    for one in arrivals:
        await store.accept([one])
    page = await store.events(None, EventFilter(), PageRequest(ascending=True, limit=200))
    return [body for one in page.data if (body := body_of(one))["event"] != "conversation.started"]


def names(body: dict[str, Any], part: str = "contact", key: str = "identities") -> set[str]:
    return {one["value"] for one in body[part][key]}
