"""What people do to messages and buttons: postbacks, reactions, edits, referrals, feedback, orders."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family, item, opening
from gateway.simulator.webhooks.messenger.messages import ad_referral
from gateway.simulator.webhooks.scene import Scene

HEART = "\u2764\ufe0f"


def postback(scene: Scene) -> Element:
    """The tap on a button of a template or of the menu."""
    tapped = {
        "mid": scene.new_id(),
        "title": scene.say("title", "Buy"),
        "payload": scene.say("payload", "BUY"),
    }
    return item(scene, "messaging_postbacks", postback=tapped)


def get_started(scene: Scene) -> Element:
    """The first tap in a new thread, with the link that led there."""
    referral = {"ref": scene.say("ref", "flyer"), "source": "SHORTLINK", "type": "OPEN_THREAD"}
    tapped: dict[str, Any] = {"mid": scene.new_id(), "title": "Get Started", "payload": "GET_STARTED"}
    return item(scene, "messaging_postbacks", postback=tapped | {"referral": referral})


def reaction(scene: Scene) -> Element:
    """A reaction to `target`; it has no id of its own."""
    made = {
        "mid": scene.about(),
        "action": "react",
        "reaction": scene.say("reaction", "love"),
        "emoji": scene.say("emoji", HEART),
    }
    return item(scene, "message_reactions", reaction=made)


def unreaction(scene: Scene) -> Element:
    """The reaction is taken back; Instagram then names neither it nor its emoji."""
    made = {"mid": scene.about(), "action": "unreact"}
    if scene.asset.platform == "facebook":
        made |= {"reaction": scene.say("reaction", "love"), "emoji": scene.say("emoji", HEART)}
    return item(scene, "message_reactions", reaction=made)


def edit(scene: Scene) -> Element:
    """`target` has another text now."""
    made = {
        "mid": scene.about(),
        "text": scene.say("text", "Do you have this in red?"),
        "num_edit": scene.say("num_edit", 1),
    }
    return item(scene, "message_edits", message_edit=made)


def link_referral(scene: Scene) -> Element:
    """An m.me or ig.me link was followed into a thread that existed."""
    source = "SHORTLINKS" if scene.asset.platform == "instagram" else "SHORTLINK"
    made = {"ref": scene.say("ref", "flyer"), "source": source, "type": "OPEN_THREAD"}
    return item(scene, _referral_field(scene), referral=made)


def ad_click(scene: Scene) -> Element:
    """An ad was followed into a thread that existed."""
    return item(scene, _referral_field(scene), referral=ad_referral(scene))


def _referral_field(scene: Scene) -> str:
    return "messaging_referral" if scene.asset.platform == "instagram" else "messaging_referrals"


def feedback(scene: Scene) -> Element:
    """The answer to a feedback template; Meta's item has no timestamp."""
    follow_up = {"type": "free_form", "payload": scene.say("text", "Came a day early!")}
    answer = {"type": "csat", "payload": scene.say("score", "5"), "follow_up": follow_up}
    screens = [{"screen_id": 0, "questions": {"q-delivery": answer}}]
    made = item(scene, "messaging_feedback", messaging_feedback={"feedback_screens": screens})
    del made.body["timestamp"]
    return made


def thumb(scene: Scene) -> Element:
    """A thumb under an answer of the business."""
    verdict = {"feedback": scene.say("feedback", "Good response"), "mid": scene.about()}
    return item(scene, "response_feedback", response_feedback=verdict)


def cart(scene: Scene) -> Element:
    """A cart that was sent as an order."""
    product = {
        "id": int(scene.chance.digits(16)),
        "retailer_id": "KETTLE-7",
        "name": "Blue kettle",
        "unit_price": 39,
        "currency": "EUR",
        "quantity": 1,
    }
    return item(
        scene, "send_cart", order={"products": [product], "note": scene.say("text", "Gift wrap, please")}
    )


def game(scene: Scene) -> Element:
    """A round of an instant game."""
    played = {
        "game_id": scene.chance.digits(15),
        "player_id": scene.chance.digits(15),
        "locale": scene.person.locale,
        "context_type": "SOLO",
        "score": 1200,
        "payload": '{"level":3}',
    }
    return item(scene, "messaging_game_plays", game_play=played)


def information(scene: Scene) -> Element:
    """The answers to a form about the customer."""
    answers = [{"key": "street", "value": "Ringstraße 1"}, {"key": "city", "value": "Wien"}]
    screens = [{"screen_id": "address", "responses": answers}]
    return item(scene, "messaging_customer_information", messaging_customer_information={"screens": screens})


SHARED = (
    opening("postback", postback=postback, get_started=get_started)
    | family("reaction", reaction=reaction, unreaction=unreaction)
    | family("message_edit", edit=edit)
    | opening("referral", link_referral=link_referral, ad_click=ad_click)
)
KINDS = (
    SHARED
    | family("messaging_feedback", feedback=feedback)
    | family("response_feedback", thumb=thumb)
    | opening("order", cart=cart)
    | opening("game_play", game=game)
    | family("messaging_customer_information", information=information)
)
