"""Words for what a channel cannot show otherwise."""

from collections.abc import Iterable

from adapters.outgoing import Button, ContactsMessage, LocationMessage, UrlButton
from adapters.outgoing.buttons import CallButton
from adapters.outgoing.contact_card import CardAddress, CardPhone, ContactCard

MAP = "https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"
CHAT = "https://wa.me/{wa_id}"


def paragraphs(*parts: str | None) -> str:
    """The parts that there are, with an empty line between them."""
    return "\n\n".join(part for part in parts if part)


def lines(parts: Iterable[str | None]) -> str:
    """The parts that there are, one per line."""
    return "\n".join(part for part in parts if part)


def commas(*parts: str | None) -> str:
    """The parts that there are, in one line."""
    return ", ".join(part for part in parts if part)


def entry(title: str, description: str | None) -> str:
    """One line of a list."""
    return f"• {title}: {description}" if description else f"• {title}"


def place(message: LocationMessage) -> str:
    """A place as its name, its address and a link to a map."""
    link = MAP.format(latitude=message.latitude, longitude=message.longitude)
    return lines((message.name, message.address, link))


def cards(message: ContactsMessage) -> str:
    """Contact cards as text, with everything that is on them but the parts of the names."""
    return paragraphs(*(_card(card) for card in message.contacts))


def _card(card: ContactCard) -> str:
    work = card.org
    return lines(
        (
            card.name.formatted_name,
            commas(work.title, work.department, work.company) if work else None,
            *(_phone(each) for each in card.phones),
            *(_typed(each.type, each.email) for each in card.emails),
            *(_typed(each.type, _address(each)) for each in card.addresses),
            *(_typed(each.type, each.url) for each in card.urls),
            card.birthday,
        )
    )


def _phone(phone: CardPhone) -> str:
    """The number, and a link that opens a chat with it."""
    chat = phone.wa_id and CHAT.format(wa_id=phone.wa_id)
    return lines((_typed(phone.type, phone.phone), chat))


def _address(given: CardAddress) -> str:
    country = " ".join(filter(None, (given.country, given.country_code and f"({given.country_code})")))
    return commas(given.street, given.zip, given.city, given.state, country)


def _typed(type: str | None, value: str) -> str:
    """A line of a card, with what kind of entry it is."""
    return ": ".join(part for part in (type, value) if part)


def unsaid_names(message: ContactsMessage) -> list[str]:
    """Where parts of a name stand that the whole name, which is in the text, does not have."""
    return [
        f"message.contacts[{index}].name.{part}"
        for index, card in enumerate(message.contacts)
        for part in card.name.__struct_fields__
        if (getattr(card.name, part) or "") not in card.name.formatted_name
    ]


def button(given: Button) -> str:
    """A button that only opens something, as text that does the same when it is tapped."""
    if isinstance(given, UrlButton):
        return f"{given.title}: {given.url}"
    if isinstance(given, CallButton):
        return f"{given.title}: {given.phone_number}"
    return given.title
