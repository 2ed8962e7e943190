"""Whether two contacts may be made one on a customer's word. Pure."""

from gateway.contacts.resolution import OWN
from gateway.store.contact import KnownContact


def unmergeable(one: KnownContact, other: KnownContact) -> str | None:
    """Why not, as a code; None: they may.

    Two ids of one kind on one page that both can be written to are two accounts of the platform: an
    answer could reach the wrong one.
    """
    if one.id == other.id:
        return "same_contact"
    if one.platform != other.platform:
        return "other_platform"
    if _live(one) & _live(other):
        return "both_active"
    return "shared" if one.shared or other.shared else None


def _live(contact: KnownContact) -> set[tuple[str, str]]:
    return {(one.kind, one.scope) for one in contact.identities if one.kind in OWN and one.stale is None}
