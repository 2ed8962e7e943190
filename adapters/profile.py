"""Who a person is, as far as the platform tells. Not knowing is an answer, too."""

from collections.abc import Collection
from typing import Literal

from msgspec import Struct


class Profile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the platform says about a person; whatever it withholds is absent."""

    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    profile_pic: str | None = None
    """A URL that expires; two URLs of one picture differ."""
    locale: str | None = None
    timezone: float | None = None
    """Hours from GMT."""
    gender: str | None = None
    follower_count: int | None = None
    is_verified_user: bool | None = None
    is_user_follow_business: bool | None = None
    is_business_follow_user: bool | None = None
    is_payment_enabled: bool | None = None
    """Whether the person may pay within Messenger."""
    last_ad_referral: dict[str, object] | None = None


class ProfileFields(Struct, frozen=True, kw_only=True):
    """What a channel can be asked about a person, in the platform's own names."""

    usual: tuple[str, ...] = ()
    """Told to whoever may ask at all."""
    granted: tuple[str, ...] = ()
    """Each needs a permission of its own. Without it the platform leaves the field out, or refuses the whole
    request because of it."""

    def only(self, chosen: Collection[str] | None) -> "ProfileFields":
        """Those of them that are among the chosen ones; None: all."""
        if chosen is None:
            return self
        return ProfileFields(
            usual=tuple(name for name in self.usual if name in chosen),
            granted=tuple(name for name in self.granted if name in chosen),
        )


class NoProfile(Struct, frozen=True, kw_only=True):
    """There is nothing to be had, for now or for ever; asking again soon gives the same."""

    reason: Literal["empty", "no_profile", "no_consent", "not_visible", "not_permitted"]
    """`empty`: the platform answered with nothing. `no_consent`: the person has not written yet."""
