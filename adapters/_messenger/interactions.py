"""What a person does in the thread besides writing: reacting, tapping, coming back, buying, playing, linking.

Meta's webhook events "message_reactions", "messaging_postbacks", "messaging_referrals", "send_cart",
"messaging_game_plays" and "messaging_account_linking".
"""

from typing import Any

from adapters._messenger import wire
from adapters._messenger.fact import Fact
from adapters._messenger.message import prior_message
from adapters._messenger.referral import referral as _referral
from adapters._values import milliseconds, with_text_ids
from adapters.message import Target
from adapters.parts import Link, Postback, Reaction


def reaction(item: wire.Item, given: wire.Reaction) -> Fact:
    """A reaction put on or taken off; it has no id of its own, only its message's."""
    removed = given.action == "unreact" or not (given.action or given.emoji or given.reaction)
    body = Reaction(
        action="removed" if removed else "added",
        target=Target(message_id=given.mid or None),
        emoji=given.emoji or None,
        name=given.reaction or None,
    )
    return Fact(
        event="reaction.removed" if removed else "reaction.added",
        kind="reaction",
        parts={"reaction": body},
        ids=told_apart(item, given.mid, given.action, given.emoji),
        actor="sender",
        opens_window=not removed,
        target=given.mid or None,
    )


def told_apart(item: wire.Item, mid: str | None, *more: str | None) -> tuple[str, ...]:
    """The ids of something that was done to a message: by whom, to which, what, when."""
    sender = item.sender and (item.sender.id or item.sender.user_ref)
    if not (sender and mid):
        return ()
    return (sender, mid, *[part or "" for part in more], str(milliseconds(item.timestamp) or ""))


def postback(item: wire.Item, tapped: wire.Postback) -> Fact:
    """A tap on a button; Meta shows the payload only to the app that sent the button."""
    body = Postback(
        id=tapped.mid or None,
        title=tapped.title or None,
        payload=tapped.payload or None,
        prior_message=prior_message(item),
    )
    parts: dict[str, object] = {"postback": body}
    if tapped.referral is not None:
        parts["referral"] = _referral(tapped.referral)
    return Fact(
        event="postback.received",
        kind="postback",
        parts=parts,
        ids=(tapped.mid,) if tapped.mid else (),
        opens_window=True,
    )


def referral(_: wire.Item, given: wire.Referral) -> Fact:
    """A person came back to the thread through a link or an ad, without a message."""
    parts = {"referral": _referral(given)}
    return Fact(event="referral.received", kind="referral", parts=parts, opens_window=True)


def order(_: wire.Item, cart: dict[str, Any]) -> Fact:
    """A cart that a person sent."""
    return Fact(event="order.received", kind="order", parts={"order": with_text_ids(cart)}, opens_window=True)


def game_play(_: wire.Item, played: dict[str, Any]) -> Fact:
    """A round of an instant game."""
    parts = {"game": with_text_ids(played) | {"change": "game_play"}}
    return Fact(event="game.played", kind="game_play", parts=parts)


def account_linking(_: wire.Item, linking: wire.AccountLinking) -> Fact:
    """An account of the business's own, linked or unlinked."""
    linked = linking.status != "unlinked"
    return Fact(
        event="contact.account_linked" if linked else "contact.account_unlinked",
        kind="account_linking",
        parts={
            "link": Link(
                state="linked" if linked else "unlinked",
                authorization_code=linking.authorization_code or None,
            )
        },
    )
