"""What a message becomes on a channel: one or several bodies, and what got lost on the way."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from adapters.sending import SendWarning, Unsendable

Body = dict[str, Any]


class Rendering(Struct, frozen=True, kw_only=True):
    """Bodies in the order in which they are to be sent."""

    bodies: tuple[Body, ...]
    warnings: tuple[SendWarning, ...] = ()


def rendered(body: Body, *warnings: SendWarning | None) -> Rendering:
    """One body, with those of the warnings that apply."""
    return Rendering(bodies=(body,), warnings=tuple(each for each in warnings if each is not None))


def in_turn(*renderings: Rendering) -> Rendering:
    """One rendering after the other."""
    return Rendering(
        bodies=tuple(body for each in renderings for body in each.bodies),
        warnings=tuple(warning for each in renderings for warning in each.warnings),
    )


def warn(applies: object, field: str, detail: str) -> SendWarning | None:
    """A warning, where there is something to warn of."""
    return SendWarning(field=field, detail=detail) if applies else None


def without_absent(body: Mapping[str, Any]) -> Body:
    """The members that have a value."""
    return {key: value for key, value in body.items() if value is not None}


def overridden(body: Body, override: Body | None, reserved: frozenset[str], field: str = "override") -> Body:
    """The body with the customer's own members merged in, objects member by member.

    `reserved` are the paths that stay ours, such as `recipient` and `message.metadata`. Raises Unsendable,
    whose field begins with `field`.
    """
    return body if override is None else _merged(body, override, _Bounds(reserved, field), "")


class _Bounds(Struct, frozen=True):
    reserved: frozenset[str]
    field: str

    def check(self, path: str, replaces_object: bool) -> None:
        if path in self.reserved:
            raise Unsendable("invalid", f"{self.field}.{path}", "is set by the gateway alone")
        if replaces_object and any(name.startswith(f"{path}.") for name in self.reserved):
            raise Unsendable("invalid", f"{self.field}.{path}", "is an object: give the members to change")


def _merged(body: Body, override: Body, bounds: _Bounds, where: str) -> Body:
    merged = dict(body)
    for key, value in override.items():
        path, own = f"{where}{key}", body.get(key, {})
        objects = isinstance(own, dict) and isinstance(value, dict)
        bounds.check(path, replaces_object=not objects)
        merged[key] = _merged(own, value, bounds, f"{path}.") if objects else value
    return merged
