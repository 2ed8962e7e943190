"""What the `changes` of both platforms have in common: who wrote, and what is passed on as it is."""

from typing import Any

from adapters._messenger.fact import Fact
from adapters._messenger.wire import User
from adapters._values import mapping, milliseconds, text, with_text_ids
from adapters.parts import Author


def writer(value: dict[str, Any]) -> User:
    """Who wrote: `{"from":{"id","name","username"}}`, in older bodies `{"sender_id","sender_name"}`."""
    given = mapping(value.get("from"))
    return User(
        id=text(given.get("id")) or text(value.get("sender_id")),
        name=text(given.get("name")) or text(value.get("sender_name")),
        username=text(given.get("username")),
    )


def author(user: User) -> Author | None:
    """What the writer is called."""
    named = user.name or user.username
    return Author(name=user.name, username=user.username) if named else None


def passed_on(event: str, body: str, change: str, value: dict[str, Any]) -> Fact:
    """A change of the account's, in Meta's own fields, under the body object `body`."""
    return Fact(
        event=event,
        kind=change,
        parts={body: with_text_ids(value) | {"change": change}},
        actor="platform",
        at=milliseconds(value.get("timestamp")) or milliseconds(value.get("created_time")),
    )
