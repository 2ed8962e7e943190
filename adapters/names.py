"""Every event name there is, with one sentence each; the only list of them.

A name is `family.what`; endpoints filter by exact names or by `family.*`. The API's reference and its
check of endpoint filters are made from this table.
"""

EVENTS = {
    "message.received": "A person wrote to the business, or tapped an answer that it offered.",
    "message.echo": "The business wrote through something else: the Page inbox, a phone, another app.",
    "message.edited": "A person changed a message they had sent.",
    "message.deleted": "A person took a message back.",
    "message.hinted": "A message exists that the platform does not show to this app.",
    "message.sent": "A message of `POST /v1/messages` was taken by the platform.",
    "message.send_failed": "A message of `POST /v1/messages` was refused for good.",
    "message.send_unknown": "Nobody can tell whether a message of `POST /v1/messages` was sent.",
    "reaction.added": "An emoji was put on a message.",
    "reaction.removed": "An emoji was taken off a message.",
    "postback.received": "A person tapped a button of the business, such as Get Started or a menu item.",
    "status.update": "Messages of the business were sent, delivered, read, played, or failed.",
    "conversation.started": "The first message, postback or referral of a conversation follows.",
    "conversation.opened": "A person opened the chat and has not written yet.",
    "referral.received": "A person came through an ad, a link or a shop, without a message.",
    "contact.opted_in": "A person agreed to receive messages.",
    "contact.opted_out": "A person does not want messages any more.",
    "contact.identity_changed": "A person has a new number, user id or security code.",
    "contact.identity_suspected": "Two contacts may be one person. Nothing was merged.",
    "contact.account_linked": "A person linked their account with the business.",
    "contact.account_unlinked": "A person unlinked their account with the business.",
    "contact.labeled": "An inbox label was put on a person or taken off.",
    "contact.information_received": "A person filled in a form of the business inside the chat.",
    "contact.erased": "A person's data was deleted.",
    "thread.control_changed": "Another app answers in this conversation from now on.",
    "thread.control_requested": "Another app asks to answer in this conversation.",
    "thread.roles_changed": "The roles of the Page's apps were changed.",
    "comment.received": "Somebody commented on a post or a live video.",
    "comment.edited": "Somebody changed a comment.",
    "comment.deleted": "A comment was removed.",
    "mention.received": "Somebody mentioned the business in a post, a comment or a story.",
    "lead.received": "Somebody filled in a lead form.",
    "review.received": "Somebody rated or recommended the Page.",
    "feed.update": "Something else happened on the Page's feed or to a story.",
    "order.received": "A person sent a cart.",
    "feedback.received": "A person answered a question about the service.",
    "game.played": "A person played a round of an instant game.",
    "marketing.event": "The platform recognised a purchase, a lead or the like in a conversation.",
    "call.update": "A call came in, went out or ended.",
    "group.update": "A group was made or changed, or people joined or left it.",
    "account.update": "Something about the business account changed: quality, name, limits, restrictions.",
    "account.degraded": "The gateway can no longer work for an account as it should.",
    "template.update": "A message template was approved, rejected, rated or moved.",
    "history.imported": "An item of an earlier conversation, from the phone that the number came from.",
    "endpoint.failing": "An endpoint has had no success for days and will be disabled if that goes on.",
    "endpoint.disabled": "An endpoint failed for too long and gets nothing more.",
    "endpoint.recovered": "An endpoint that failed takes events again.",
    "delivery.dead": "Deliveries to an endpoint were given up: their schedule is spent, or it aborted them.",
    "unknown": "The platform signed it, but this version has no name for it; `raw.inline` holds it whole.",
    "test": "Asked for through the API or the console, to try an endpoint.",
}

FAMILIES = tuple(sorted({name.partition(".")[0] for name in EVENTS if "." in name}))


def is_pattern(pattern: str) -> bool:
    """Whether an endpoint may filter by it: an exact name, or `family.*`."""
    family, _, rest = pattern.partition(".")
    return pattern in EVENTS or (rest == "*" and family in FAMILIES)
