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
    first, second = _live(one), _live(other)
    if any(first[place].isdisjoint(second[place]) for place in first.keys() & second.keys()):
        return "both_active"
    return "shared" if one.shared or other.shared else None


def _live(contact: KnownContact) -> dict[tuple[str, str], set[str]]:
    """The values that can be written to, by kind and scope."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in contact.identities:
        if one.kind in OWN and one.stale is None:
            found.setdefault((one.kind, one.scope), set()).add(one.value)
    return found
