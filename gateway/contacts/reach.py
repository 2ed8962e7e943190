"""What an erasure looks for, and where it means the person. Pure.

An id names somebody in its scope only: on another page, in another WhatsApp account, it is somebody else, and
perhaps somebody else's.
"""

from collections.abc import Collection, Iterable

import msgspec
from msgspec import Struct

from adapters.base import Identity
from gateway.contacts.resolution import GIVEN

_NOTE = "phone"
_NUMBER = "wa_id"
_BY_ACCOUNT = "whatsapp"
_SHORTEST = 3


class _Place(Struct, frozen=True):
    """Where an event happened."""

    platform: str = ""
    page_id: str = ""
    waba_id: str | None = None


_place = msgspec.json.Decoder(_Place)


def sought(identities: Iterable[Identity], contact_ids: Iterable[str]) -> tuple[str, ...]:
    """The ids by which bytes are known to be about somebody, in alphabetical order.

    Not a customer's own notes: they claim nobody. Nor what stands everywhere and so tells nobody from
    anybody: the page's own id, words without a digit, short numbers.
    """
    known = [one for one in identities if one.kind != _NOTE]
    values = {one.value for one in known} | {f"+{one.value}" for one in known if one.kind == _NUMBER}
    telling = {one for one in values if len(one) >= _SHORTEST and any(char.isdigit() for char in one)}
    return tuple(sorted((telling - {one.scope for one in known}) | set(contact_ids)))


def scopes_of(identities: Iterable[Identity]) -> tuple[str, ...]:
    """The pages and WhatsApp accounts in which somebody has ids, in alphabetical order."""
    return tuple(sorted({one.scope for one in identities if one.kind not in GIVEN}))


def is_within(scopes: Collection[str], platform: str, page_id: str, waba_id: str | None) -> bool:
    """Whether ids of these scopes mean the same person there. A number of an unknown account may be any's."""
    if platform == _BY_ACCOUNT and waba_id is None:
        return True
    return page_id in scopes or waba_id in scopes


def happened_within(scopes: Collection[str], body: bytes) -> bool:
    """The same of where an event happened."""
    place = _place.decode(body)
    return is_within(scopes, place.platform, place.page_id, place.waba_id)
