"""Whether two profiles may be one person's. Pure: a hint, never a merger.

The URL of a profile picture is signed and expires, so two URLs of one picture differ. What stays is the
file's name, which holds the id of the picture on Meta's servers.
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
"""The platform's own stand-ins for a missing picture: whole crowds share them."""


def picture_of(profile: Profile) -> str | None:
    """What identifies the picture; None where there is none of the person's own."""
    if profile.profile_pic is None:
        return None
    try:
        path = urlsplit(profile.profile_pic).path
    except ValueError:
        return None
    found = _ASSET.fullmatch(path.rpartition("/")[2])
    return None if found is None or found[1] in _NOBODYS else found[1]


def name_of(profile: Profile) -> str | None:
    """The whole name."""
    parts = (profile.first_name, profile.last_name)
    return profile.name or " ".join(part for part in parts if part) or None
