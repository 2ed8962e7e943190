"""Which ids of a contact a customer may see. Pure."""

from collections.abc import Collection

from adapters.base import Identity
from gateway.contacts.resolution import PAGE_SCOPED

_NOTE = "phone"
"""What a customer has noted itself. Of a contact that several have nobody's notes are shown."""


def may_see(identity: Identity, own: Collection[str] | None, *, shared: bool) -> bool:
    """`own`: the ids of the customer's pages; None: the operator, who sees all."""
    if own is None:
        return True
    if identity.kind in PAGE_SCOPED:
        return identity.scope in own
    return identity.kind != _NOTE or not shared
