"""What is said beside the message, and has no meaning for every kind of message."""

from adapters.outgoing import Outgoing
from adapters.sending import SendWarning

_OPTIONS = ("reply_to", "message_tag", "messaging_type")


def unused(outgoing: Outgoing, *further: str) -> tuple[SendWarning, ...]:
    """A warning for every option that was given and is not sent."""
    return tuple(
        SendWarning(field=name, detail="Has no meaning for this type of message.")
        for name in (*_OPTIONS, *further)
        if getattr(outgoing, name) is not None
    )
