"""From the bytes of a webhook to events."""

import hashlib

from adapters._envelope import entries
from adapters._messenger.channel import Channel
from adapters._messenger.elements import Source, elements
from adapters._messenger.reading import read
from adapters._messenger.usual import usual
from adapters.base import Decoded, Inbound, Quarantined


def decode(inbound: Inbound, channel: Channel) -> list[Decoded | Quarantined]:
    """Every element of the body, in its order; never raises."""
    one = usual(inbound.body, channel)
    return general(inbound.body, channel) if one is None else [one]


def general(body: bytes, channel: Channel) -> list[Decoded | Quarantined]:
    """The long way, which takes whatever comes."""
    source = Source(channel, hashlib.sha256(body).hexdigest())
    found: list[Decoded | Quarantined] = []
    for entry in entries(body):
        if isinstance(entry, Quarantined):
            found.append(entry)
            continue
        for element in elements(entry, source):
            found.append(element if isinstance(element, Quarantined) else read(element))
    return found
