"""Health: alive, and ready. Neither needs a key, neither names a customer or a file."""

from typing import Any, Literal

from msgspec import Struct
from starlette.responses import Response

from gateway.api.answers import answer
from gateway.api.operations import Call, Operation
from gateway.deliver.proxy import Tunnels
from gateway.log import line, logger


class Liveness(Struct, frozen=True, kw_only=True):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether the store takes writes; only then may the platform's traffic come here."""

    status: Literal["ready", "unavailable"]
    reason: str | None = None
    """Why not, if not."""
    facts: dict[str, Any]
    """Figures about the store, for a person to look at; `egress_proxy`: how it does, if there is one."""


async def get_health(call: Call[None]) -> Response:
    """Tell that the process answers."""
    return answer(Liveness())


async def get_readiness(call: Call[None]) -> Response:
    """Tell whether events can be stored. Customers' endpoints that fail are not a reason to say no."""
    health = await call.services.store.health()
    facts = {**health.facts, **_egress(call.services.counts.tunnels)}
    if health.writable:
        return answer(Readiness(status="ready", facts=facts))
    if health.detail != health.reason:
        logger.warning(line("not ready", detail=health.detail))
    return answer(Readiness(status="unavailable", reason=health.reason, facts=facts), 503)


def _egress(tunnels: Tunnels | None) -> dict[str, str]:
    if tunnels is None:
        return {}
    return {"egress_proxy": "works" if tunnels.fault is None else f"fails: {tunnels.fault}"}


OPERATIONS = (
    Operation("GET", "/healthz", get_health, {200: Liveness}, access="open", tolerant=True),
    Operation("GET", "/readyz", get_readiness, {200: Readiness, 503: Readiness}, access="open"),
)
