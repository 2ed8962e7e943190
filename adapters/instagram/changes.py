"""What happens around an account's posts. Meta, "Graph API: Webhooks Reference: Instagram"."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from adapters._messenger.changes import author, passed_on, writer
from adapters._messenger.channel import ChangeReader
from adapters._messenger.fact import Fact
from adapters._values import mapping, milliseconds, text, with_text_ids
from adapters.parts import Comment

_COMMENTER = "ig_commenter"


def comments(value: dict[str, Any], *, field: str = "comments") -> Fact:
    """`{"comment_id"|"id","parent_id","text","from":{"id","username"},"media":{"id",…}}`

    A comment on a post that is also an ad may come twice, with two media ids; it is one comment.
    """
    media = mapping(value.get("media"))
    user = writer(value)
    identifier = text(value.get("comment_id")) or text(value.get("id"))
    body = Comment(
        id=identifier,
        post_id=text(media.get("id")),
        parent_id=text(value.get("parent_id")),
        text=text(value.get("text")),
        media=with_text_ids(media) or None,
        author=author(user),
        live=field == "live_comments",
    )
    return Fact(
        event="comment.received",
        kind=field,
        parts={"comment": body},
        ids=(identifier,) if identifier else (),
        actor="sender",
        sender=user,
        sender_kind=_COMMENTER,
        at=milliseconds(value.get("timestamp")) or milliseconds(value.get("created_time")),
    )


def mentions(value: dict[str, Any]) -> Fact:
    """`{"media_id","comment_id"}`: ids only; what was written is to be fetched."""
    media, comment = text(value.get("media_id")), text(value.get("comment_id"))
    return Fact(
        event="mention.received",
        kind="mentions",
        parts={"mention": Comment(id=comment, post_id=media)},
        ids=(media or "", comment or "") if media or comment else (),
        actor="untold",
    )


CHANGES: Mapping[str, ChangeReader] = {
    "comments": comments,
    "live_comments": partial(comments, field="live_comments"),
    "mentions": mentions,
    "story_insights": partial(passed_on, "feed.update", "feed", "story_insights"),
}
"""By `field`."""
