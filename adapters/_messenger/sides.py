"""The two sides of an element: who told whom, and which of them is the person."""

from msgspec import Struct

from adapters._messenger import wire
from adapters._messenger.channel import Channel
from adapters._messenger.fact import Fact
from adapters.base import Identity, Person

TEST_ID = "0"
"""The entry id of what Meta's dashboard sends when somebody clicks Test. It is nobody's account."""
_NOBODY = wire.User()


class Address(Struct, frozen=True):
    """An id and its kind; neither where Meta gives none."""

    id: str | None = None
    kind: str | None = None


class Sides(Struct, frozen=True, kw_only=True):
    """Both as Meta names them, even if neither is the account of the entry."""

    page_id: str
    outbound: bool
    """The business is the sender."""
    sender: Address
    recipient: Address
    person: Person | None


def sides(channel: Channel, entry_id: str | None, item: wire.Item, fact: Fact) -> Sides:
    """Who is who in an element."""
    account = entry_id if entry_id != TEST_ID else None
    sender = fact.sender or item.sender or _NOBODY
    recipient = item.recipient or _NOBODY
    outbound = _is_outbound(fact, sender, account)
    human, business = (recipient, sender) if outbound else (sender, recipient)
    page_id = account or business.id or TEST_ID
    there = _there(human, fact.sender_kind or channel.person_kind)
    here = Address(business.id, channel.account_kind) if business.id else Address()
    return Sides(
        page_id=page_id,
        outbound=outbound,
        sender=here if outbound else there,
        recipient=there if outbound else here,
        person=None if fact.sender_kind else _person(human, channel.person_kind, page_id),
    )


def _is_outbound(fact: Fact, sender: wire.User, account: str | None) -> bool:
    """Ids decide only where the kind of the element leaves it open: Meta's own samples mix them up."""
    if fact.actor in ("person", "business"):
        return fact.actor == "business"
    return account is not None and sender.id == account


def _there(human: wire.User, kind: str) -> Address:
    if human.id:
        return Address(human.id, kind)
    return Address(human.user_ref, "user_ref") if human.user_ref else Address()


def _person(human: wire.User, kind: str, page_id: str) -> Person | None:
    """A `user_ref` beside the id is one more name of the same person."""
    given = ((kind, human.id), ("user_ref", human.user_ref))
    identities = tuple([Identity(kind, value, page_id) for kind, value in given if value])
    if not identities:
        return None
    return Person(identities=identities, name=human.name or None, username=human.username or None)
