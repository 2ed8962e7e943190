"""Every kind of webhook that can be made on demand, by platform."""

from gateway.simulator.webhooks.element import Kind
from gateway.simulator.webhooks.instagram import comments
from gateway.simulator.webhooks.instagram import messages as instagram_messages
from gateway.simulator.webhooks.messenger import (
    account,
    consent,
    echoes,
    feed,
    interactions,
    messages,
    receipts,
    threads,
)
from gateway.simulator.webhooks.whatsapp import (
    account as whatsapp_account,
)
from gateway.simulator.webhooks.whatsapp import (
    calls,
    groups,
    handovers,
    history,
    interactive,
    marketing,
    media,
    statuses,
    system,
    templates,
)
from gateway.simulator.webhooks.whatsapp import echoes as whatsapp_echoes
from gateway.simulator.webhooks.whatsapp import messages as whatsapp_messages

_FACEBOOK = (messages, echoes, interactions, receipts, consent, threads, account, feed)
_WHATSAPP = (
    whatsapp_messages, media, interactive, system, statuses, whatsapp_echoes, history, calls,
    groups, templates, whatsapp_account, marketing, handovers,
)  # fmt: skip
_INSTAGRAM = (
    messages.SHARED | echoes.KINDS | interactions.SHARED | consent.SHARED | threads.SHARED
    | instagram_messages.KINDS | comments.KINDS
)  # fmt: skip

KINDS: dict[str, dict[str, Kind]] = {
    "facebook": {name: kind for module in _FACEBOOK for name, kind in module.KINDS.items()},
    "instagram": _INSTAGRAM,
    "whatsapp": {name: kind for module in _WHATSAPP for name, kind in module.KINDS.items()},
}
"""By platform, then by name."""
