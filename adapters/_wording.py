"""Words for what a channel cannot show otherwise."""

from collections.abc import Iterable

from adapters.outgoing import Button, ContactsMessage, LocationMessage, UrlButton
from adapters.outgoing.buttons import CallButton
from adapters.outgoing.contact_card import ContactCard

MAP = "https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"


def paragraphs(*parts: str | None) -> str:
    """The parts that there are, with an empty line between them."""
    return "\n\n".join(part for part in parts if part)


def lines(parts: Iterable[str | None]) -> str:
    """The parts that there are, one per line."""
    return "\n".join(part for part in parts if part)


def entry(title: str, description: str | None) -> str:
    """One line of a list."""
    return f"• {title}: {description}" if description else f"• {title}"


def place(message: LocationMessage) -> str:
    """A place as its name, its address and a link to a map."""
    link = MAP.format(latitude=message.latitude, longitude=message.longitude)
    return lines((message.name, message.address, link))


def cards(message: ContactsMessage) -> str:
    """Contact cards as text."""
    return paragraphs(*(_card(card) for card in message.contacts))


def _card(card: ContactCard) -> str:
    organization = card.org.company if card.org is not None else None
    phones = [each.phone for each in card.phones]
    emails = [each.email for each in card.emails]
    pages = [each.url for each in card.urls]
    return lines((card.name.formatted_name, organization, *phones, *emails, *pages))


def button(given: Button) -> str:
    """A button that only opens something, as text that does the same when it is tapped."""
    if isinstance(given, UrlButton):
        return f"{given.title}: {given.url}"
    if isinstance(given, CallButton):
        return f"{given.title}: {given.phone_number}"
    return given.title
