"""`recipient` of the Send API: a PSID or IGSID, a comment or post, a phone, a plugin's reference, a token."""

from typing import Any

from msgspec import Struct

from gateway.simulator.comments import Comment
from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.pages import InstagramAccount, Page
from gateway.simulator.people import Asset, Person
from gateway.simulator.windows import PRIVATE_REPLY_MS


class Recipient(Struct, frozen=True, kw_only=True):
    """Somebody who is written to."""

    asset: Asset
    person: Person
    id: str
    """The PSID or IGSID."""
    comment: Comment | None = None
    """A private reply to it."""
    by_reference: bool = False
    """`user_ref` or a phone: the answer then names nobody, and no echo comes."""
    by_token: bool = False
    """A marketing message."""


def find(call: Call, sender: Page | InstagramAccount) -> Recipient:
    """Who is meant. Raises GraphError."""
    given = call.required("recipient")
    if not isinstance(given, dict):
        raise errors.messenger(100, message="Param recipient must be an object.")
    named = RECIPIENTS.keys() & given.keys()
    if len(named) != 1:
        raise errors.messenger(100, message=f"Param recipient must have one of {', '.join(RECIPIENTS)}")
    (name,) = named
    return RECIPIENTS[name](call, sender, str(given[name]))


def _sides(call: Call, sender: Page | InstagramAccount) -> list[Asset]:
    """A Page writes for itself, and for the Instagram account that is linked to it."""
    linked = sender.instagram if isinstance(sender, Page) else None
    return [sender, call.meta.assets[linked]] if linked else [sender]


def _by_id(call: Call, sender: Page | InstagramAccount, id: str) -> Recipient:
    for asset in _sides(call, sender):
        if person := call.meta.people.with_scoped_id(asset, id):
            return Recipient(asset=asset, person=person, id=id)
    raise errors.messenger(100, 2018001 if isinstance(sender, Page) else 2534014)


def _by_comment(call: Call, sender: Page | InstagramAccount, id: str) -> Recipient:
    """Once per comment or post, within seven days."""
    comment = call.meta.comments.get(id)
    asset = next((one for one in _sides(call, sender) if comment and one.id == comment.asset), None)
    if comment is None or asset is None:
        raise errors.messenger(100, 2534025)
    if comment.answered:
        raise errors.messenger(10900)
    if call.now_ms - comment.at_ms >= PRIVATE_REPLY_MS:
        raise errors.messenger(10903)
    person = call.meta.people[comment.person]
    return Recipient(asset=asset, person=person, id=call.meta.people.id_on(person, asset), comment=comment)


def _by_reference(call: Call, sender: Page | InstagramAccount, value: str) -> Recipient:
    return _remembered(call, sender, value, {"by_reference": True})


def _by_token(call: Call, sender: Page | InstagramAccount, value: str) -> Recipient:
    return _remembered(call, sender, value, {"by_token": True})


def _by_phone(call: Call, sender: Page | InstagramAccount, value: str) -> Recipient:
    """Customer matching: who has this number, in any spelling."""
    person = call.meta.people.with_phone("".join(filter(str.isdigit, value)))
    if person is None:
        raise errors.messenger(100, 2018001)
    id = call.meta.people.id_on(person, sender)
    return Recipient(asset=sender, person=person, id=id, by_reference=True)


def _remembered(call: Call, sender: Page | InstagramAccount, value: str, how: dict[str, Any]) -> Recipient:
    key = call.meta.references.get((sender.id, value))
    if key is None:
        raise errors.messenger(100, 2018001)
    person = call.meta.people[key]
    return Recipient(asset=sender, person=person, id=call.meta.people.id_on(person, sender), **how)


RECIPIENTS = {
    "id": _by_id,
    "comment_id": _by_comment,
    "post_id": _by_comment,
    "phone_number": _by_phone,
    "user_ref": _by_reference,
    "notification_messages_token": _by_token,
}
