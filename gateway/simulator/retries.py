"""When Meta posts a webhook again that was not answered with 200.

At once, then ever more seldom: for 36 hours (Graph API, "Webhooks: Getting Started"), on WhatsApp for seven
days ("Webhooks overview"). The steps themselves are nowhere written down; these are made up.
"""

from gateway.simulator.clock import DAY, HOUR, MINUTE, SECOND

STEPS_MS = (
    0, 0, 10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR,
    12 * HOUR, DAY,
)  # fmt: skip
HORIZON_MS = {"page": 36 * HOUR, "instagram": 36 * HOUR, "whatsapp_business_account": 7 * DAY}
DISABLED_AFTER_MS = HOUR
"""A callback that fails for so long loses the Page or the Instagram account."""


def delay_ms(object_: str, failures: int, age_ms: int, factor: float) -> int | None:
    """How long to wait after so many failures; None: no more. `factor` makes all of it shorter."""
    step = STEPS_MS[min(failures, len(STEPS_MS)) - 1]
    if age_ms * factor + step > HORIZON_MS[object_]:
        return None
    return int(step / factor)
