"""Which key of a messaging item is read by what. The first that an item has is what happened."""

from collections.abc import Callable
from typing import Any

from adapters._messenger import account, answers, consent, interactions, message, receipts, thread, wire
from adapters._messenger.fact import Fact

ItemReader = Callable[[wire.Item, Any], Fact]

READERS: dict[str, ItemReader] = {
    "message": message.message,
    "message_edit": message.message_edit,
    "postback": interactions.postback,
    "reaction": interactions.reaction,
    "delivery": receipts.delivery,
    "read": receipts.read,
    "referral": interactions.referral,
    "optin": consent.optin,
    "optout": consent.optout,
    "pass_thread_control": thread.pass_thread_control,
    "take_thread_control": thread.take_thread_control,
    "request_thread_control": thread.request_thread_control,
    "app_roles": thread.app_roles,
    "account_linking": interactions.account_linking,
    "policy_enforcement": account.policy_enforcement,
    "policy_enforcement_hyphenated": account.policy_enforcement,
    "messaging_feedback": answers.messaging_feedback,
    "messaging_customer_information": answers.messaging_customer_information,
    "response_feedback": answers.response_feedback,
    "order": interactions.order,
    "game_play": interactions.game_play,
}
"""By the member of `wire.Item`."""


def read_item(item: wire.Item) -> Fact | None:
    """What an item says; None where it has no key that we know."""
    for key, reader in READERS.items():
        body = getattr(item, key)
        if body is not None:
            return reader(item, body)
    return None
