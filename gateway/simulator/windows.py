"""When a business may write: the window that opens with everything a person does.

Messenger and Instagram: 24 hours, and 7 days for the `HUMAN_AGENT` tag. WhatsApp: 24 hours, templates always.
"""

from gateway.simulator.clock import DAY, HOUR

STANDARD_MS = 24 * HOUR
HUMAN_AGENT_MS = 7 * DAY
PRIVATE_REPLY_MS = 7 * DAY

SUNSET_TAGS = frozenset({"CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"})
"""Refused with error 100 since April 2026; never known on Instagram."""


def is_open(last_inbound_ms: int | None, now_ms: int, *, tag: str | None = None) -> bool:
    """Whether a message with this tag may still follow what the person did last."""
    if last_inbound_ms is None:
        return False
    length = HUMAN_AGENT_MS if tag in ("HUMAN_AGENT", "CUSTOMER_FEEDBACK") else STANDARD_MS
    return now_ms - last_inbound_ms < length
