"""What was written while nobody listened, page by page."""

from msgspec import Struct


class Backlog(Struct, frozen=True, kw_only=True):
    """Some conversations, those with the newest messages first."""

    envelopes: tuple[bytes, ...]
    """Their messages as webhooks would have brought them, oldest first; input for `decode`."""
    after: str | None
    """What asks for the next conversations; None: there are none."""
    oldest_ms: int | None
    """When the last of these conversations changed: the next ones did so earlier. None: not known."""
