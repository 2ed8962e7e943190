"""The User Profile APIs: `GET /{psid}?fields=…`, `GET /{igsid}?fields=…`.

`{}` is a proper answer, and so are the refusals that say that there is no profile to be seen. Meta,
"Messenger Platform: User Profile API" and "Instagram Messaging: User Profile API".
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters._graph.answer import result
from adapters._graph.edge import edge
from adapters._graph.meaning import Meanings
from adapters._messenger.send.accent import Accent
from adapters._messenger.send.route import host
from adapters._values import mapping, text, untyped
from adapters.base import Identity
from adapters.profile import NoProfile, Profile
from adapters.sending import Account, Request, SendError, Unsendable

_TEXTS = ("name", "first_name", "last_name", "username", "profile_pic", "locale", "gender")
_FLAGS = ("is_verified_user", "is_user_follow_business", "is_business_follow_user", "is_payment_enabled")
_OBJECT_MISSING = 33
_NONE: Mapping[int, NoProfile] = {
    2018218: NoProfile(reason="no_profile"),
    230: NoProfile(reason="no_consent"),
    2018247: NoProfile(reason="not_permitted"),
    10: NoProfile(reason="not_permitted"),
}
"""By code, or by subcode where Meta puts the number there."""


def request(identity: Identity, account: Account, fields: tuple[str, ...], accent: Accent) -> Request:
    """The request for a person's profile. Raises Unsendable for ids that have none."""
    if identity.kind != accent.person_kind:
        raise Unsendable("unsupported", "identity.kind", "has no profile on this channel")
    query = {"fields": ",".join(fields)}
    return Request(method="GET", host=host(account, accent), path=edge(identity.value), query=query)


def answer(
    status: int, headers: Mapping[str, str], body: bytes, table: Meanings
) -> Profile | NoProfile | SendError:
    """What the platform says about the person."""
    outcome = result(status, headers, body, table)
    if isinstance(outcome, SendError):
        return _none(outcome) or outcome
    return profile(mapping(untyped(body)))


def _none(error: SendError) -> NoProfile | None:
    if error.platform_code == 100 and error.subcode == _OBJECT_MISSING:
        return NoProfile(reason="not_visible")
    return _NONE.get(error.subcode or 0) or _NONE.get(error.platform_code or 0)


def profile(given: Mapping[str, Any]) -> Profile | NoProfile:
    """The members that Meta gave; its own id of the person is known already."""
    members: dict[str, Any] = {name: text(given.get(name)) for name in _TEXTS}
    members |= {name: given[name] for name in _FLAGS if type(given.get(name)) is bool}
    found = Profile(
        **members,
        timezone=_number(given.get("timezone")),
        follower_count=given.get("follower_count") if type(given.get("follower_count")) is int else None,
        last_ad_referral=mapping(given.get("last_ad_referral")) or None,
    )
    return NoProfile(reason="empty") if found == Profile() else found


def _number(value: Any) -> float | None:
    try:
        return msgspec.convert(value, float, strict=False)
    except msgspec.ValidationError:
        return None
