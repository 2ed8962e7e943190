"""How it is remembered who was erased: by hashes under a key of the operator's, which name nobody.

They are kept as long as the ids of events, so that what the platform still tells of an erased person, a
receipt, an echo, the outcome of a send, is known for what it is and makes nobody of them again.
"""

from collections.abc import Callable, Iterable

from adapters.base import Identity
from gateway.contacts.resolution import GIVEN

DIGITS = 16
"""Of a hash, in hexadecimal: as many as are kept."""
Fingerprints = Callable[[str], tuple[str, ...]]
"""The hashes of a text, in hexadecimal: under the present key first, then under those before it."""


def marks(fingerprints: Fingerprints, platform: str, identities: Iterable[Identity]) -> list[tuple[str, ...]]:
    """For each identity that an element can name: the hashes under which it may stand, the newest first."""
    return [
        tuple(one[:DIGITS] for one in fingerprints(f"{platform}\n{each.kind}\n{each.scope}\n{each.value}"))
        for each in identities
        if each.kind not in GIVEN
    ]
