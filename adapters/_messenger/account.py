"""What happens to the business's account. Meta, "messaging_policy_enforcement webhook event"."""

from typing import Any

from adapters._messenger import wire
from adapters._messenger.fact import Fact
from adapters._values import with_text_ids


def policy_enforcement(_: wire.Item, enforced: dict[str, Any]) -> Fact:
    """Meta warned, blocked or unblocked the Page: `{"action","reason"}`."""
    return Fact(
        event="account.update",
        kind="policy_enforcement",
        parts={"account": with_text_ids(enforced) | {"change": "policy_enforcement"}},
        actor="platform",
    )
