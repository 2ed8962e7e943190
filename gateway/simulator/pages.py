"""Facebook Pages and Instagram professional accounts."""

from typing import ClassVar

from msgspec import Struct, field

PAGE_INBOX_APP = "263902037430900"
INSTAGRAM_INBOX_APP = "1217981644879628"


class Page(Struct, kw_only=True):
    """A Facebook Page."""

    platform: ClassVar[str] = "facebook"
    object: ClassVar[str] = "page"
    inbox_app: ClassVar[str] = PAGE_INBOX_APP
    id: str
    name: str
    business: str
    instagram: str | None = None
    """The Instagram account that is linked to it."""
    subscribed: dict[str, frozenset[str]] = field(default_factory=dict)
    """The apps that are installed, with their fields."""

    @property
    def entry_id(self) -> str:
        """What `entry.id` says."""
        return self.id


class InstagramAccount(Struct, kw_only=True):
    """An Instagram professional account."""

    platform: ClassVar[str] = "instagram"
    object: ClassVar[str] = "instagram"
    inbox_app: ClassVar[str] = INSTAGRAM_INBOX_APP
    id: str
    """17841…: what webhooks say."""
    login_id: str
    """The other, app-scoped id, which `/me` of Instagram Login calls `id`."""
    name: str
    username: str
    business: str
    page: str | None = None
    """The linked Page (Facebook Login); None is Instagram Login."""
    subscribed: dict[str, frozenset[str]] = field(default_factory=dict)
    """Instagram Login only: the apps that are installed, with their fields."""

    @property
    def entry_id(self) -> str:
        """What `entry.id` says."""
        return self.id
