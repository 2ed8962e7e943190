"""`recipient`: exactly one member, by the kind of the id."""

from adapters._messenger.send.accent import Accent
from adapters.outgoing import Recipient
from adapters.sending import Unsendable

PRIVATE_REPLY = frozenset({"comment", "post"})
"""Kinds that name what somebody wrote in public instead of who wrote it."""


def recipient(to: Recipient, accent: Accent) -> dict[str, str]:
    """Meta's `recipient`. Raises Unsendable where ids of this kind belong to another platform."""
    member = accent.recipients.get(to.kind)
    if member is None:
        kinds = ", ".join(accent.recipients)
        raise Unsendable(
            "account_mismatch", "to.kind", f"is none of {kinds}, which this channel can write to"
        )
    return {member: to.value}
