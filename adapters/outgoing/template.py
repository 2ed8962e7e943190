"""A WhatsApp template: text that Meta has approved, with blanks to fill in."""

from typing import Annotated, Literal

from msgspec import Meta

from adapters.outgoing.form import Form, Name
from adapters.outgoing.parameter import Parameter

ButtonKind = Literal[
    "quick_reply", "url", "flow", "copy_code", "catalog", "mpm", "spm", "voice_call", "order_details"
]


class HeaderComponent(Form, frozen=True, kw_only=True, tag_field="type", tag="header"):
    """The header's blanks."""

    parameters: tuple[Parameter, ...]


class BodyComponent(Form, frozen=True, kw_only=True, tag_field="type", tag="body"):
    """The text's blanks, in their order or by name."""

    parameters: tuple[Parameter, ...]


class ButtonComponent(Form, frozen=True, kw_only=True, tag_field="type", tag="button"):
    """One button's blank; buttons are counted from 0."""

    kind: ButtonKind
    index: Annotated[int, Meta(ge=0, le=9)]
    parameters: tuple[Parameter, ...] = ()


class OfferComponent(Form, frozen=True, kw_only=True, tag_field="type", tag="limited_time_offer"):
    """The end of a limited offer."""

    parameters: tuple[Parameter, ...]


class TemplateCard(Form, frozen=True, kw_only=True):
    """One card of a carousel; cards are counted from 0."""

    index: Annotated[int, Meta(ge=0, le=9)]
    components: tuple[HeaderComponent | BodyComponent | ButtonComponent, ...]


class CarouselComponent(Form, frozen=True, kw_only=True, tag_field="type", tag="carousel"):
    """Cards beside each other."""

    cards: Annotated[tuple[TemplateCard, ...], Meta(min_length=1, max_length=10)]


Component = HeaderComponent | BodyComponent | ButtonComponent | OfferComponent | CarouselComponent


class TemplateMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="template"):
    """The only kind of message that WhatsApp takes outside the customer service window."""

    name: Name
    language: Name
    """`en_US`, `de` …"""
    category: Literal["marketing", "utility", "authentication"] | None = None
    """As which it was approved. Where you say `marketing`, who has opted out of that is spared."""
    components: tuple[Component, ...] = ()
