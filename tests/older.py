"""A gateway of a time when the parser was older: it took in what it could not read yet."""

from collections.abc import Callable

from msgspec import Raw
from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound
from gateway.app import Gateway
from gateway.clock import system_clock
from gateway.inbound.connector import Connector
from gateway.inbound.intake import Intake

Weakness = Callable[[Decoded], Decoded]
"""What an older parser made of an element that the present one reads."""


def unknown(decoded: Decoded) -> Decoded:
    """It had no name for it: the same native kind, so the same id, and nothing else."""
    event, (start, end) = decoded.event, decoded.element
    raw = None if event.raw is None else replace(event.raw, inline=Raw(decoded.envelope[start:end]))
    blank = replace(event, event="unknown", message=None, from_=None, to=None, direction=None, raw=raw)
    return replace(decoded, event=blank, person=None, opens_window=False)


def without_text(decoded: Decoded) -> Decoded:
    """It did not know where the text stands."""
    message = decoded.event.message
    assert message is not None
    return replace(decoded, event=replace(decoded.event, message=replace(message, body=None)))


async def take_in(gateway: Gateway, body: bytes, weakness: Weakness) -> None:
    """What the webhook endpoint did with a Messenger body then."""
    found = [one for one in ADAPTERS["facebook"].decode(Inbound(body)) if isinstance(one, Decoded)]
    connector = Connector(gateway.store, gateway.directory, auto_connect=True)
    intake = Intake(gateway.store, gateway.directory, gateway.deliverer, connector, system_clock)
    await intake.take("facebook", None, [weakness(one) for one in found])
