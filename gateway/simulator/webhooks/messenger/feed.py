"""The Page around Messenger: comments, posts, mentions, leads, reviews, labels. All in `changes`."""

from typing import Any

from gateway.simulator.webhooks.element import Element, change, family
from gateway.simulator.webhooks.scene import Scene


def _commenter(scene: Scene) -> dict[str, str]:
    """People who comment have an id that is no PSID."""
    return {"id": scene.say("commenter", scene.chance.digits(16)), "name": scene.person.name}


def _comment(scene: Scene, verb: str, **more: Any) -> Element:
    post = scene.say("post_id", f"{scene.asset.id}_{scene.chance.digits(15)}")
    value = {
        "from": _commenter(scene),
        "post_id": post,
        "comment_id": scene.say("comment_id", f"{post.partition('_')[2]}_{scene.chance.digits(15)}"),
        "created_time": scene.now_ms // 1_000,
        "item": "comment",
        "parent_id": post,
        "verb": verb,
    }
    return change("feed", value | more)


def comment(scene: Scene) -> Element:
    """Somebody comments on a post of the Page."""
    return _comment(scene, "add", message=scene.say("text", "Lovely colour!"))


def comment_edited(scene: Scene) -> Element:
    """The comment has another text now."""
    return _comment(scene, "edited", message=scene.say("text", "Lovely colours!"))


def comment_removed(scene: Scene) -> Element:
    """The comment is gone."""
    return _comment(scene, "remove")


def post(scene: Scene) -> Element:
    """The Page has posted."""
    value = {
        "from": {"id": scene.asset.id, "name": scene.asset.name},
        "post_id": f"{scene.asset.id}_{scene.chance.digits(15)}",
        "created_time": scene.now_ms // 1_000,
        "item": "status",
        "published": 1,
        "verb": "add",
        "message": scene.say("text", "Kettles are back!"),
    }
    return change("feed", value)


def post_reaction(scene: Scene) -> Element:
    """Somebody likes a post."""
    value = {
        "from": _commenter(scene),
        "post_id": f"{scene.asset.id}_{scene.chance.digits(15)}",
        "created_time": scene.now_ms // 1_000,
        "item": "reaction",
        "reaction_type": scene.say("reaction", "love"),
        "verb": "add",
    }
    return change("feed", value)


def mention(scene: Scene) -> Element:
    """Somebody names the Page in a comment elsewhere."""
    post_id = f"{scene.chance.digits(15)}_{scene.chance.digits(15)}"
    value = {
        "post_id": post_id,
        "comment_id": f"{post_id.partition('_')[2]}_{scene.chance.digits(15)}",
        "item": "comment",
        "verb": "add",
        "message": scene.say("text", "They know kettles"),
        "created_time": scene.now_ms // 1_000,
        "sender_id": scene.chance.digits(16),
        "sender_name": scene.person.name,
    }
    return change("mention", value)


def lead(scene: Scene) -> Element:
    """A lead form was filled in; what it says has to be fetched."""
    value = {
        "leadgen_id": int(scene.chance.digits(16)),
        "page_id": scene.asset.id,
        "form_id": scene.chance.digits(16),
        "ad_id": scene.chance.digits(16),
        "adgroup_id": scene.chance.digits(16),
        "created_time": scene.now_ms // 1_000,
    }
    return change("leadgen", value)


def review(scene: Scene) -> Element:
    """The Page is recommended, or not."""
    value = {
        "item": "rating",
        "verb": "add",
        "reviewer_id": scene.chance.digits(16),
        "reviewer_name": scene.person.name,
        "recommendation_type": scene.say("recommendation", "POSITIVE"),
        "review_text": scene.say("text", "Quick and kind"),
        "open_graph_story_id": scene.chance.digits(15),
        "created_time": scene.now_ms // 1_000,
    }
    return change("ratings", value)


def label(scene: Scene) -> Element:
    """A label is put on the person in the inbox."""
    tag = {"id": scene.chance.digits(15), "page_label_name": scene.say("label", "VIP")}
    value = {"user": {"id": scene.person_id}, "action": scene.say("action", "assigned"), "label": tag}
    return change("inbox_labels", value)


KINDS = (
    family(
        "feed",
        comment=comment,
        comment_edited=comment_edited,
        comment_removed=comment_removed,
        page_post=post,
        post_reaction=post_reaction,
    )
    | family("mention", mention=mention)
    | family("leadgen", lead=lead)
    | family("ratings", review=review)
    | family("inbox_labels", label=label)
)
