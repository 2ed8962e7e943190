"""`recipient`: exactly one member, by the kind of the id."""

from adapters._messenger.send.accent import Accent
from adapters.outgoing import Recipient
from adapters.sending import foreign

PRIVATE_REPLY = frozenset({"comment", "post"})
"""Kinds that name what somebody wrote in public instead of who wrote it."""


def recipient(to: Recipient, accent: Accent) -> dict[str, str]:
    """Meta's `recipient`. Raises Unsendable where ids of this kind belong to another platform."""
    member = accent.recipients.get(to.kind)
    if member is None:
        raise foreign(accent.recipients)
    return {member: to.value}
