"""A text with buttons that stay."""

from typing import Annotated

from msgspec import Meta

from adapters.outgoing.form import Form, Name, PhoneNumber, Url
from adapters.outgoing.media import Source


class ReplyButton(Form, frozen=True, kw_only=True, tag_field="type", tag="reply"):
    """A tap on it comes back with its id, as a postback or an interactive answer."""

    id: Name
    title: Name
    """At most 20 characters."""


class UrlButton(Form, frozen=True, kw_only=True, tag_field="type", tag="url"):
    """Opens a web page."""

    title: Name
    url: Url


class CallButton(Form, frozen=True, kw_only=True, tag_field="type", tag="call"):
    """Calls a telephone number."""

    title: Name
    phone_number: PhoneNumber


Button = ReplyButton | UrlButton | CallButton


class HeaderImage(Source, frozen=True, kw_only=True):
    """A picture above the text."""


class ButtonsMessage(Form, frozen=True, kw_only=True, tag_field="type", tag="buttons"):
    """A text with one to three buttons."""

    body: Name
    """At most 640 characters (Messenger, Instagram), 1,024 (WhatsApp)."""
    buttons: Annotated[tuple[Button, ...], Meta(min_length=1)]
    header: Name | None = None
    """A line above the text, at most 60 characters."""
    header_image: HeaderImage | None = None
    footer: Name | None = None
    """A small line below it, at most 60 characters."""

    def __post_init__(self) -> None:
        if self.header is not None and self.header_image is not None:
            raise ValueError("Takes one of `header` and `header_image`")
