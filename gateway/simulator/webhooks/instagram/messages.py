"""`messages` as only Instagram sends them: stories, unsending, what the API cannot show."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family, item, opening, page_item
from gateway.simulator.webhooks.messenger.messages import message
from gateway.simulator.webhooks.scene import Scene


def _attachment(scene: Scene, kind: str) -> Element:
    return message(scene, attachments=[{"type": kind, "payload": {"url": scene.file_url("image/png")}}])


def story_mention(scene: Scene) -> Element:
    """The account is named in a story, which must not be stored."""
    return _attachment(scene, "story_mention")


def shared_story(scene: Scene) -> Element:
    """A story was passed on."""
    return _attachment(scene, "ig_story")


def share(scene: Scene) -> Element:
    """A shared post: during the transition as `share` and as `ig_post`."""
    payload = {"url": scene.file_url("image/png")}
    return message(scene, attachments=[{"type": kind, "payload": payload} for kind in ("share", "ig_post")])


def story_reply(scene: Scene) -> Element:
    """An answer to a story of the account."""
    story = {"url": scene.file_url("image/png"), "id": scene.say("story_id", scene.chance.digits(17))}
    return message(scene, text=scene.say("text", "Where is this?"), reply_to={"story": story})


def ephemeral(scene: Scene) -> Element:
    """Disappearing media: a type and nothing else."""
    return message(scene, attachments=[{"type": "ephemeral"}])


def unsupported(scene: Scene) -> Element:
    """Something that the API does not show."""
    return message(scene, is_unsupported=True)


def unsupported_type(scene: Scene) -> Element:
    """An attachment that the API does not show."""
    return message(scene, attachments=[{"type": "unsupported_type"}])


def unsent(scene: Scene) -> Element:
    """`target` was taken back by the person."""
    return item(scene, "messages", message={"mid": scene.about(), "is_deleted": True})


def heart(scene: Scene) -> Element:
    """The heart sticker."""
    return message(scene, attachments=[{"type": "like_heart"}])


def to_oneself(scene: Scene) -> Element:
    """The account writes to itself."""
    content: dict[str, Any] = {"mid": scene.new_id(), "text": scene.say("text", "test"), "is_self": True}
    made = page_item(scene, "messages", message=content)
    made.body["recipient"] = {"id": scene.asset.id}
    return made


def hint(scene: Scene) -> Element:
    """An edit number 0 in place of a new message: no text, and often no sender or recipient."""
    edited = {"mid": scene.new_id(), "num_edit": 0}
    body = {"timestamp": scene.now_ms, "message_edit": edited}
    return Element(field="message_edits", container="messaging", body=body)


def seen(scene: Scene) -> Element:
    """`messaging_seen`: names one message, has no watermark."""
    return item(scene, "messaging_seen", read={"mid": scene.about()})


def ice_breaker(scene: Scene) -> Element:
    """The tap on an ice breaker, whose postback may lack its `mid`."""
    tapped = {"title": scene.say("title", "Where are you?"), "payload": scene.say("payload", "WHERE")}
    return item(scene, "messaging_postbacks", postback=tapped)


KINDS = (
    opening(
        "message",
        story_mention=story_mention,
        shared_story=shared_story,
        share=share,
        story_reply=story_reply,
        ephemeral=ephemeral,
        unsupported=unsupported,
        unsupported_type=unsupported_type,
        heart=heart,
    )
    | family("message", unsent=unsent, to_oneself=to_oneself)
    | family("message_edit", hint=hint)
    | family("read", seen=seen)
    | opening("postback", ice_breaker=ice_breaker)
)
