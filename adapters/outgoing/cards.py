"""Cards beside each other: Meta's generic template."""

from typing import Annotated

from msgspec import Meta

from adapters.outgoing.buttons import Button
from adapters.outgoing.form import Form, Name, Url


class Card(Form, frozen=True, kw_only=True):
    """A title, and at least one thing more."""

    title: Name
    """At most 80 characters, like the subtitle."""
    subtitle: Name | None = None
    image_url: Url | None = None
    url: Url | None = None
    """What a tap on the card opens."""
    buttons: tuple[Button, ...] = ()
    """At most 3."""


class CardsMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="cards"):
    """One to ten cards."""

    cards: Annotated[tuple[Card, ...], Meta(min_length=1, max_length=10)]
