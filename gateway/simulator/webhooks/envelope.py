"""Elements put into envelopes, as Meta batches them: several entries, several items."""

from typing import Any

from msgspec import Struct

from gateway.simulator.clock import SECOND
from gateway.simulator.people import Asset
from gateway.simulator.webhooks.element import Element

LARGEST_BATCH = 1_000


class News(Struct, frozen=True):
    """An element and the asset it is about."""

    asset: Asset
    element: Element
    owner: str | None = None
    """The app that holds the thread; others hear of it on standby."""


def envelope(news: list[News], now_ms: int) -> dict[str, Any]:
    """One envelope for elements of one `object`: an entry for each asset, in order of appearance."""
    entries: dict[str, dict[str, Any]] = {}
    for one in news:
        entry = entries.setdefault(one.asset.entry_id, {"id": one.asset.entry_id})
        _add(entry, one.element, now_ms)
    return {"object": news[0].asset.object, "entry": list(entries.values())}


def _add(entry: dict[str, Any], element: Element, now_ms: int) -> None:
    if element.timed:
        entry.setdefault("time", now_ms // SECOND if element.seconds else now_ms)
    items = entry.setdefault(element.container, [])
    if not (items and _joined(items[-1], element.body)):
        items.append(dict(element.body))


def _joined(before: dict[str, Any], body: dict[str, Any]) -> bool:
    """WhatsApp: what concerns the same number and field goes into one value, its arrays made longer."""
    field = before.get("field")
    one, other = before.get("value", {}), body.get("value", {})
    if field != body.get("field") or not one.get("metadata") or one["metadata"] != other.get("metadata"):
        return False
    arrays = {name: items for name, items in other.items() if isinstance(items, list)}
    if set(one) != set(other) or not arrays:
        return False
    merged = {
        name: one[name] + [new for new in items if new not in one[name]] for name, items in arrays.items()
    }
    before["value"] = one | merged
    return True
