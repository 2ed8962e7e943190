"""`comments`, `live_comments`, `mentions`, `story_insights`: in `changes`."""

from typing import Any

from gateway.simulator.pages import InstagramAccount
from gateway.simulator.webhooks.element import Element, change, family
from gateway.simulator.webhooks.scene import Scene


def _comment(scene: Scene) -> dict[str, Any]:
    """Facebook Login says `comment_id`, Instagram Login `id`."""
    account = scene.page
    name = "comment_id" if isinstance(account, InstagramAccount) and account.page else "id"
    return {
        "from": {"id": scene.say("commenter", scene.chance.digits(17)), "username": _username(scene)},
        name: scene.say("comment_id", scene.chance.digits(17)),
        "text": scene.say("text", "Lovely colour!"),
        "media": {"id": scene.chance.digits(17), "media_product_type": scene.say("product", "FEED")},
    }


def _username(scene: Scene) -> str:
    return scene.person.username or scene.person.first_name.lower()


def comment(scene: Scene) -> Element:
    """Somebody comments on a post."""
    return change("comments", _comment(scene))


def live_comment(scene: Scene) -> Element:
    """Somebody comments on a broadcast."""
    return change("live_comments", _comment(scene))


def mention(scene: Scene) -> Element:
    """The account is named somewhere; ids only."""
    value = {"comment_id": scene.chance.digits(17), "media_id": scene.chance.digits(17)}
    return change("mentions", value)


def story_insights(scene: Scene) -> Element:
    """The figures of a story that has ended."""
    figures = {"impressions": 444, "reach": 44, "taps_forward": 4, "taps_back": 3, "exits": 3, "replies": -1}
    return change("story_insights", {"media_id": scene.chance.digits(17)} | figures)


KINDS = (
    family("comments", comment=comment)
    | family("live_comments", live_comment=live_comment)
    | family("mentions", mention=mention)
    | family("story_insights", story_insights=story_insights)
)
