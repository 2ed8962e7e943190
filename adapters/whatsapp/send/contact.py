"""Contact cards: our members have Meta's names, and what is absent stays away."""

from typing import Any

from msgspec import to_builtins

from adapters.outgoing import ContactCard


def contact(card: ContactCard) -> dict[str, Any]:
    """A card of `contacts`. Meta, "Contacts messages"."""
    whole: dict[str, Any] = to_builtins(card)
    if len(whole["name"]) == 1:
        # Meta refuses a name that has no part besides `formatted_name`.
        whole["name"] = {**whole["name"], "first_name": card.name.formatted_name}
    return whole
