"""`messages[]`: what a person sends. Meta, "Webhooks: messages reference"."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family, opening
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import contact, of_number, sender

UNSUPPORTED = 131051
UNAVAILABLE = 131060


def framed(scene: Scene, kind: str, **content: Any) -> dict[str, Any]:
    """One message, with who and when."""
    context = _context(scene)
    stamp = {"id": scene.new_id(), "timestamp": scene.seconds, "type": kind}
    return sender(scene) | stamp | context | content


def _context(scene: Scene) -> dict[str, Any]:
    """What the message quotes, how often it was forwarded, which group it is in."""
    made: dict[str, Any] = {}
    if quoted := scene.given.get("reply_to"):
        made["context"] = {"from": scene.number.display, "id": quoted}
    elif scene.given.get("forwarded"):
        made["context"] = {"forwarded": True}
    if group := scene.given.get("group_id"):
        made["group_id"] = group
    return made


def message(scene: Scene, kind: str, **content: Any) -> Element:
    """A message of any type."""
    made = framed(scene, kind, **content)
    return of_number(scene, "messages", contacts=[contact(scene)], messages=[made])


def text(scene: Scene) -> Element:
    """Words; `reply_to` quotes, `forwarded` and `group_id` say where they come from."""
    return message(scene, "text", text={"body": scene.say("text", "Do you have this in blue?")})


def location(scene: Scene) -> Element:
    """A place."""
    place = {"latitude": scene.say("latitude", 48.2082), "longitude": scene.say("longitude", 16.3738)}
    named = {"name": scene.say("name", "Ringstraße"), "address": "Ringstraße 1, Wien"}
    return message(scene, "location", location=place | named)


def contacts(scene: Scene) -> Element:
    """A card from the address book."""
    phone = scene.say("phone", "+43 664 1234567")
    card = {
        "name": {"formatted_name": scene.say("name", "Béla Kun"), "first_name": "Béla"},
        "phones": [{"phone": phone, "wa_id": "".join(filter(str.isdigit, phone)), "type": "CELL"}],
        "origin": "other",
    }
    return message(scene, "contacts", contacts=[card])


def shared_phone(scene: Scene) -> Element:
    """The answer to a request for contact information: a card without a name."""
    phones = [{"phone": f"+{scene.person.phone}", "wa_id": scene.person.phone}]
    return message(scene, "contacts", contacts=[{"phones": phones, "origin": "contact_request"}])


def order(scene: Scene) -> Element:
    """A cart from the catalogue."""
    product = {"product_retailer_id": "KETTLE-7", "quantity": 1, "item_price": 39, "currency": "EUR"}
    body = {"catalog_id": scene.chance.digits(15), "text": scene.say("text", ""), "product_items": [product]}
    return message(scene, "order", order=body)


def about_product(scene: Scene) -> Element:
    """A message that was begun from a product."""
    product = {"catalog_id": scene.chance.digits(15), "product_retailer_id": "KETTLE-7"}
    quoted = {"from": scene.number.display, "id": scene.about(), "referred_product": product}
    body = {"body": scene.say("text", "Is this one still there?")}
    return message(scene, "text", text=body, context=quoted)


def from_ad(scene: Scene) -> Element:
    """A message that was begun from an ad that opens WhatsApp."""
    ad = {
        "source_url": "https://fb.me/example",
        "source_id": scene.say("ad_id", scene.chance.digits(18)),
        "source_type": "ad",
        "headline": "Chat with us",
        "body": "Kettles for everybody",
        "media_type": "image",
        "image_url": "https://scontent.xx.fbcdn.net/v/t45.1600-4/kettle_n.png",
        "ctwa_clid": scene.chance.text(60),
    }
    return message(scene, "text", text={"body": scene.say("text", "Tell me more")}, referral=ad)


def unsupported(scene: Scene) -> Element:
    """A type that the API does not show, such as a poll."""
    error = _error(UNSUPPORTED, "Message type unknown", "Message type is currently not supported.")
    return message(
        scene, "unsupported", unsupported={"type": scene.say("type", "poll_creation")}, errors=[error]
    )


def unavailable(scene: Scene) -> Element:
    """The first message to a coexistence number, which the API cannot read."""
    text = "This message is currently unavailable."
    return message(scene, "unsupported", errors=[_error(UNAVAILABLE, text, text)])


def _error(code: int, title: str, details: str) -> dict[str, Any]:
    return {"code": code, "title": title, "message": title, "error_data": {"details": details}}


def welcome(scene: Scene) -> Element:
    """The chat was opened for the first time; there is no body."""
    return message(scene, "request_welcome")


def reaction(scene: Scene) -> Element:
    """A reaction to `target`."""
    made = {"message_id": scene.about(), "emoji": scene.say("emoji", "\U0001f60d")}
    return message(scene, "reaction", reaction=made)


def unreaction(scene: Scene) -> Element:
    """The reaction is taken back: Meta leaves the emoji out."""
    return message(scene, "reaction", reaction={"message_id": scene.about()})


def edit(scene: Scene) -> Element:
    """`target` has another text now (coexistence numbers only)."""
    content = {"type": "text", "text": {"body": scene.say("text", "Do you have this in red?")}}
    return message(scene, "edit", edit={"original_message_id": scene.about(), "message": content})


def revoke(scene: Scene) -> Element:
    """`target` was deleted for everybody (coexistence numbers only)."""
    return message(scene, "revoke", revoke={"original_message_id": scene.about()})


KINDS = (
    opening(
        "message",
        text=text,
        location=location,
        contacts=contacts,
        shared_phone=shared_phone,
        order=order,
        about_product=about_product,
        from_ad=from_ad,
        unsupported=unsupported,
        unavailable=unavailable,
    )
    | family("request_welcome", welcome=welcome)
    | opening("reaction", reaction=reaction, unreaction=unreaction)
    | family("edit", edit=edit)
    | family("revoke", revoke=revoke)
)
