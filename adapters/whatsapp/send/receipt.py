"""Read receipts and typing: both name the message that was read, and nobody else.

{"messaging_product":"whatsapp","status":"read","message_id":"wamid…","typing_indicator":{"type":"text"}}
"""

from adapters._rendering import Body, Rendering, rendered, warn
from adapters.outgoing import MarkReadMessage, TypingOnMessage
from adapters.sending import Unsendable


def receipt(message: MarkReadMessage | TypingOnMessage) -> Rendering:
    """The body. Raises Unsendable where no message is named."""
    if message.message_id is None:
        raise Unsendable("invalid", "message.message_id", "is required: the channel marks a certain message")
    body: Body = {"status": "read", "message_id": message.message_id}
    if isinstance(message, MarkReadMessage):
        return rendered(body)
    detail = "The channel cannot show typing without marking the message as read."
    warning = warn(not message.mark_read, "message.mark_read", detail)
    return rendered({**body, "typing_indicator": {"type": "text"}}, warning)
