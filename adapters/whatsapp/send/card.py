"""Cards: the channel shows one after the other, each as what it has."""

from adapters import _wording as words
from adapters._limits import within
from adapters._rendering import Rendering, in_turn, rendered, warn
from adapters.outgoing import ButtonsMessage, Card, CardsMessage, UrlButton
from adapters.outgoing.buttons import HeaderImage
from adapters.sending import Unsendable
from adapters.whatsapp.send import limits
from adapters.whatsapp.send.interactive import buttons


def cards(message: CardsMessage) -> Rendering:
    """One message per card."""
    shown = in_turn(*(_card(card, f"message.cards[{index}]") for index, card in enumerate(message.cards)))
    several = warn(len(message.cards) > 1, "message.cards", "Each card is sent as a message of its own.")
    return in_turn(Rendering(bodies=(), warnings=(several,) if several else ()), shown)


def _card(card: Card, field: str) -> Rendering:
    text = words.paragraphs(card.title, card.subtitle)
    if card.buttons:
        return _with_buttons(card, text, field)
    if card.url is not None:
        return _with_buttons(card, text, field, link=UrlButton(title="↗", url=card.url))
    if card.image_url is not None:
        caption = within(text, limits.CAPTION, f"{field}.subtitle")
        return rendered({"type": "image", "image": {"link": card.image_url, "caption": caption}})
    return rendered({"type": "text", "text": {"body": within(text, limits.TEXT, f"{field}.subtitle")}})


def _with_buttons(card: Card, text: str, field: str, link: UrlButton | None = None) -> Rendering:
    body = words.paragraphs(text, card.url if card.buttons else None)
    image = HeaderImage(url=card.image_url) if card.image_url else None
    given = (link,) if link is not None else card.buttons
    try:
        return buttons(ButtonsMessage(body=body, buttons=given, header_image=image))
    except Unsendable as refusal:
        part = refusal.field.removeprefix("message.").replace("body", "subtitle")
        raise Unsendable(refusal.code, f"{field}.{part}", refusal.detail) from None
