"""What happens on and around the Page. Meta, "Graph API: Webhooks Reference: Page"."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from adapters._messenger.changes import author, passed_on, writer
from adapters._messenger.channel import ChangeReader
from adapters._messenger.fact import Fact
from adapters._messenger.wire import User
from adapters._values import flag, mapping, milliseconds, text, with_text_ids
from adapters.parts import Comment, Label, Lead

_COMMENTER = "fb_commenter"
_REMOVED = ("remove", "delete")
_COMMENT_EVENTS = {
    "add": "comment.received",
    "edit": "comment.edited",
    "edited": "comment.edited",
    "update": "comment.edited",
    "hide": "comment.edited",
    "unhide": "comment.edited",
    "remove": "comment.deleted",
    "delete": "comment.deleted",
}
"""By `verb`."""
_MEDIA = ("photo", "photos", "video", "link")


def feed(value: dict[str, Any]) -> Fact:
    """`{"item","verb","post_id","comment_id","parent_id","from":{…},"message","created_time",…}`"""
    event = _COMMENT_EVENTS.get(text(value.get("verb")) or "add")
    if value.get("item") == "comment" and event is not None:
        return _comment(event, value)
    return _update("feed", value, text(value.get("item")) or "feed")


def _update(field: str, value: dict[str, Any], change: str) -> Fact:
    """Whatever else happens on the feed, in Meta's own fields."""
    return Fact(
        event="feed.update",
        kind=field,
        parts={"feed": with_text_ids(value) | {"change": change}},
        actor="sender",
        sender=writer(value),
        sender_kind=_COMMENTER,
        at=_time(value),
    )


def _comment(event: str, value: dict[str, Any]) -> Fact:
    identifier = text(value.get("comment_id")) or text(value.get("id"))
    user = writer(value)
    telling = ("verb", "created_time", "edited_time", "message")
    deleted = event == "comment.deleted"
    post, parent = text(value.get("post_id")), text(value.get("parent_id"))
    body = Comment(
        id=identifier,
        post_id=post,
        parent_id=parent if parent != post else None,
        text=None if deleted else text(value.get("message")),
        media=None if deleted else _media(value),
        author=author(user),
        hidden=flag(value.get("is_hidden")) or value.get("verb") == "hide",
    )
    return Fact(
        event=event,
        kind="feed",
        parts={"comment": body},
        ids=(identifier, *[text(value.get(name)) or "" for name in telling]) if identifier else (),
        actor="sender",
        sender=user,
        sender_kind=_COMMENTER,
        at=_time(value),
    )


def _media(value: dict[str, Any]) -> dict[str, Any] | None:
    return with_text_ids({name: value[name] for name in _MEDIA if value.get(name)}) or None


def _time(value: dict[str, Any]) -> int | None:
    return milliseconds(value.get("edited_time")) or milliseconds(value.get("created_time"))


def mention(value: dict[str, Any]) -> Fact:
    """The Page was named in a post or a comment: `{"post_id","comment_id","item","verb","message",…}`."""
    if value.get("verb") in _REMOVED:
        return _update("mention", value, "mention")
    user = writer(value)
    body = Comment(
        id=text(value.get("comment_id")),
        post_id=text(value.get("post_id")),
        text=text(value.get("message")),
        author=author(user),
    )
    return Fact(
        event="mention.received",
        kind="mention",
        parts={"mention": body},
        actor="sender",
        sender=user,
        sender_kind=_COMMENTER,
        at=_time(value),
    )


def ratings(value: dict[str, Any]) -> Fact:
    """`{"reviewer_id","reviewer_name","rating","recommendation_type","review_text","verb",…}`"""
    return Fact(
        event="review.received",
        kind="ratings",
        parts={"review": with_text_ids(value)},
        actor="sender",
        sender=User(id=text(value.get("reviewer_id")) or writer(value).id),
        sender_kind=_COMMENTER,
        at=_time(value),
    )


def leadgen(value: dict[str, Any]) -> Fact:
    """`{"leadgen_id","form_id","ad_id","adgroup_id","created_time"}`; the answers are to be fetched."""
    lead = text(value.get("leadgen_id"))
    body = Lead(
        id=lead,
        form_id=text(value.get("form_id")),
        ad_id=text(value.get("ad_id")),
        adgroup_id=text(value.get("adgroup_id")),
    )
    return Fact(
        event="lead.received",
        kind="leadgen",
        parts={"lead": body},
        ids=(lead,) if lead else (),
        actor="untold",
        at=_time(value),
    )


def inbox_labels(value: dict[str, Any]) -> Fact:
    """`{"user":{"id"},"action","label":{"id","page_label_name"}}`; a person of the business did it."""
    label = mapping(value.get("label"))
    body = Label(
        action=text(value.get("action")),
        id=text(label.get("id")),
        name=text(label.get("page_label_name")) or text(label.get("name")),
    )
    return Fact(
        event="contact.labeled",
        kind="inbox_labels",
        parts={"label": body},
        actor="untold",
        sender=User(id=text(mapping(value.get("user")).get("id"))),
    )


CHANGES: Mapping[str, ChangeReader] = {
    "feed": feed,
    "mention": mention,
    "ratings": ratings,
    "leadgen": leadgen,
    "inbox_labels": inbox_labels,
    "business_integrity": partial(passed_on, "account.update", "account", "business_integrity"),
    "messenger_template_status_update": partial(
        passed_on, "template.update", "template", "messenger_template_status_update"
    ),
}
"""By `field`."""
