"""How this Meta behaves where the real one is free to behave either way. May be changed while it runs."""

from typing import Literal

from msgspec import Struct


class Manner(Struct, kw_only=True):
    """One set of habits."""

    aftermath: Literal["after", "before"] = "after"
    """Echoes and statuses are posted after the answer to the send, or overtake it."""
    echoes: bool = True
    """The sending app gets echoes of its own messages (Messenger, Instagram)."""
    receipts: tuple[str, ...] = ("sent", "delivered", "read")
    """How far a message gets: WhatsApp tells all of it, Messenger not `sent`, Instagram only `read`."""
    recipient_errors: Literal["response", "webhook", "both"] = "response"
    """WhatsApp: where an error that concerns the recipient is told (131047, 131050)."""
    denied_fields: Literal["refused", "left_out"] = "refused"
    """A profile field without its permission: the whole request is refused, or the field is missing."""
    copies: int = 1
    """How often each webhook is posted."""
    shuffle: bool = False
    """What is posted together is posted in another order."""
    hold: bool = False
    """Nothing is posted until it is released, in batches."""
    retry_factor: float = 1.0
    """Retries come so many times sooner than Meta's, and go on for as long as Meta's."""
    empty_pages: int = 0
    """ID Matching answers with so many empty pages first, each with a cursor."""
    disable_after_an_hour: bool = True
    """A callback that fails for an hour loses the Page or the Instagram account."""
