"""WhatsApp Business Accounts and their phone numbers."""

from typing import ClassVar

from msgspec import Struct, field

OVERRIDABLE = frozenset({
    "messages", "message_echoes", "calls", "consumer_profile", "messaging_handovers",
    "group_lifecycle_update", "group_participants_update", "group_settings_update",
    "group_status_update", "smb_message_echoes", "smb_app_state_sync", "history",
    "account_settings_update",
})  # fmt: skip
"""The fields that a callback override reaches; all others go to the app's own callback."""


class Waba(Struct, kw_only=True):
    """A WhatsApp Business Account."""

    id: str
    name: str
    business: str
    """The business portfolio that owns it: the scope of a BSUID."""
    subscribed: dict[str, str | None] = field(default_factory=dict)
    """The apps that are installed, with their override of the callback."""


class Number(Struct, kw_only=True):
    """A business phone number."""

    platform: ClassVar[str] = "whatsapp"
    object: ClassVar[str] = "whatsapp_business_account"
    id: str
    """The phone_number_id."""
    display: str
    """Digits, as `display_phone_number` in webhooks."""
    name: str
    waba: Waba
    override: str | None = None
    """The callback of this number alone."""
    coexistence: bool = False
    """Also used with the WhatsApp Business app."""
    checks_identity: bool = False
    """Webhooks carry `identity_key_hash`."""
    blocked: set[str] = field(default_factory=set)
    """The people whom the business has blocked, by their keys."""

    @property
    def entry_id(self) -> str:
        """What `entry.id` says: the WABA."""
        return self.waba.id

    @property
    def business(self) -> str:
        """The business portfolio that owns the number."""
        return self.waba.business


class Template(Struct, kw_only=True):
    """An approved message template and how many values it takes."""

    name: str
    language: str
    body: str = ""
    parameters: int = 0
    header: str | None = None
    """`text image video document`, if its header takes one value."""
    buttons: tuple[str, ...] = ()
    """The titles of its quick replies."""
    category: str = "UTILITY"
    status: str = "APPROVED"
