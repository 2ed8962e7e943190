"""One thing that Meta reports, before it is put into an envelope."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from gateway.simulator.webhooks.scene import Scene


class Element(Struct, frozen=True, kw_only=True):
    """An item of `messaging` or `standby`, or an entry of `changes`."""

    field: str
    """The subscription that it comes under."""
    container: str
    body: dict[str, Any]
    seconds: bool = False
    """`entry.time` is in seconds."""
    timed: bool = True
    """`entry.time` is there."""


class Kind(Struct, frozen=True):
    """One kind of webhook that can be made on demand."""

    family: str
    """Meta's own name of the group: the key or the field that tells it."""
    build: Callable[[Scene], Element]
    inbound: bool = False
    """The person did something that opens the window."""


def family(name: str, **builders: Callable[[Scene], Element]) -> dict[str, Kind]:
    """Kinds of one family that are not done by the person to the business."""
    return {kind: Kind(name, build) for kind, build in builders.items()}


def opening(name: str, **builders: Callable[[Scene], Element]) -> dict[str, Kind]:
    """Kinds of one family with which the person opens the window."""
    return {kind: Kind(name, build, inbound=True) for kind, build in builders.items()}


def item(scene: Scene, field: str, **event: Any) -> Element:
    """From the person to the page, in `messaging`."""
    return Element(field=field, container="messaging", body=scene.parties() | event)


def page_item(scene: Scene, field: str, **event: Any) -> Element:
    """From the page to the person, in `messaging`: an echo."""
    return Element(field=field, container="messaging", body=scene.parties(swapped=True) | event)


def change(field: str, value: dict[str, Any]) -> Element:
    """A `changes` entry of a Page or an Instagram account."""
    return Element(field=field, container="changes", body={"field": field, "value": value}, seconds=True)
