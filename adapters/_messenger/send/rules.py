"""What must hold whatever the message is: types, tags, and who may use them."""

import re

from adapters._limits import within
from adapters._messenger.send.accent import Accent
from adapters._messenger.send.recipient import PRIVATE_REPLY
from adapters._rendering import Body
from adapters.outgoing import Outgoing
from adapters.sending import Unsendable

_METADATA = 999
"""Meta takes fewer than 1,000 characters; a part's number must fit behind ours."""
_PART = 4
_NO_LETTERS = re.compile(r"[^A-Za-z]")


def check(outgoing: Outgoing, accent: Accent) -> None:
    """Raise Unsendable where type, tag, sender and recipient do not go together."""
    if outgoing.tag is not None:
        within(outgoing.tag, _METADATA - _PART, "tag")
    if outgoing.message_tag is not None and outgoing.message_tag not in accent.tags:
        raise Unsendable("unsupported", "message_tag", f"is no tag of {accent.platform}")
    if outgoing.message_tag is not None and outgoing.messaging_type not in (None, "MESSAGE_TAG"):
        raise Unsendable("invalid", "messaging_type", "is MESSAGE_TAG where there is a tag")
    if outgoing.messaging_type == "MESSAGE_TAG" and outgoing.message_tag is None:
        raise Unsendable("invalid", "message_tag", "is required by the type MESSAGE_TAG")
    if outgoing.to.kind in PRIVATE_REPLY and outgoing.reply_to is not None:
        raise Unsendable("invalid", "reply_to", "does not go with a private reply")


def check_human(outgoing: Outgoing, body: Body) -> None:
    """Raise Unsendable if a bot claims to be human, in whatever spelling; Meta blocks Pages for that."""
    tag = body.get("tag")
    if tag is not None and not isinstance(tag, str):
        raise Unsendable("invalid", "message_tag", "is no text")
    if _NO_LETTERS.sub("", tag or "").upper() == "HUMANAGENT" and outgoing.sender != "human":
        raise Unsendable("policy", "message_tag", "HUMAN_AGENT needs a human as `sender`")
