"""Whether two profiles may be one person's. Pure: a hint, never a merger.

The URL of a profile picture is signed and expires, so two URLs of one picture differ. What stays is the
file's name, which may hold the id of the picture on Meta's servers.
"""

import re
from urllib.parse import urlsplit

from adapters.profile import Profile

_ASSET = re.compile(r"([0-9]{5,}_[0-9]{5,}_[0-9]{5,})_[a-z]\.(?:jpg|jpeg|png|webp)")
_NOBODYS = frozenset(
    {
        "84628273_176159830277856_972693363922829312",
        "84241059_189132118950875_4138507100605120512",
        "143086968_2856368904622192_1959732218791162458",
        "44884218_345707102882519_2446069589734326272",
        "453178253_471506465671661_2781666950760530985",
    }
)


def asset_of(url: str) -> str | None:
    """The id of the picture on Meta's servers; None where the address does not hold it."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    found = _ASSET.fullmatch(path.rpartition("/")[2])
    return None if found is None else found[1]


def is_nobodys(asset: str) -> bool:
    """Whether it is one of the platform's own stand-ins for a missing picture: whole crowds share them."""
    return asset in _NOBODYS


def name_of(profile: Profile) -> str | None:
    """The whole name."""
    parts = (profile.first_name, profile.last_name)
    return profile.name or " ".join(part for part in parts if part) or None
