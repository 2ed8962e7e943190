"""Which apps a platform tells about an account's events, and of which ones."""

from msgspec import Struct


class Subscription(Struct, frozen=True, kw_only=True):
    """One app that hears of the account. Ours must be among them, or nothing arrives."""

    app_id: str
    fields: tuple[str, ...] = ()
    """Empty where the platform subscribes apps as a whole (WhatsApp)."""
