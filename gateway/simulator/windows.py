"""When a business may write: the window that opens with everything a person does.

Messenger and Instagram: 24 hours, and 7 days for the `HUMAN_AGENT` tag. WhatsApp: 24 hours, templates always.
"""

from gateway.simulator.clock import DAY, HOUR

STANDARD_MS = 24 * HOUR
HUMAN_AGENT_MS = 7 * DAY
PRIVATE_REPLY_MS = 7 * DAY

INSTAGRAM_TAGS = frozenset({"HUMAN_AGENT"})
TAGS = INSTAGRAM_TAGS | {"CUSTOMER_FEEDBACK"}
"""All others, those that ended in April 2026 among them, are refused with error 100."""


def is_open(last_inbound_ms: int | None, now_ms: int, *, tag: str | None = None) -> bool:
    """Whether a message with this tag may still follow what the person did last."""
    if last_inbound_ms is None:
        return False
    length = HUMAN_AGENT_MS if tag in TAGS else STANDARD_MS
    return now_ms - last_inbound_ms < length
