"""For whom an access token speaks."""

from msgspec import Struct


class Holder(Struct, frozen=True, kw_only=True):
    """The account that the platform itself names when it is asked with the token."""

    id: str
    """As `page_id` on events."""
    name: str | None = None
