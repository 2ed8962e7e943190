"""Taps on what the business offered: reply buttons, lists, flows, call permissions, template buttons.

Meta, "Interactive messages webhook reference". An unknown inner type keeps Meta's word and its members;
so does an offer that an agent sent, which comes by the same name in an echo.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from adapters._values import text, with_text_ids
from adapters.message import Interactive
from adapters.whatsapp import wire

Parts = dict[str, Any]


def tap(given: wire.Message) -> Parts | None:
    """The answer in an `interactive` message; None where Meta left its body out."""
    body = given.interactive
    if not isinstance(body, dict) or not body:
        return None
    kind = text(body.get("type")) or next(iter(body))
    inner = body.get(kind)
    reader = _READERS.get(kind)
    if reader is None or not isinstance(inner, dict):
        return _other(kind, body)
    return reader(inner)


def template_button(given: wire.Message) -> Parts | None:
    """A quick reply under a template; its payload is the business's own text."""
    button = given.button
    if button is None:
        return None
    title = button.text or None
    return _parts(Interactive(kind="quick_reply", id=button.payload or None, title=title), title)


def _parts(interactive: Interactive, body: str | None) -> Parts:
    return {"type": "interactive", "body": body, "interactive": interactive}


def _choice(kind: str) -> Callable[[Parts], Parts]:
    def read(inner: Parts) -> Parts:
        title = text(inner.get("title"))
        description = text(inner.get("description"))
        choice = Interactive(kind=kind, id=text(inner.get("id")), title=title, description=description)
        return _parts(choice, title)

    return read


def _flow(inner: Parts) -> Parts:
    """A completed form. It names no flow; the business knows it by the `flow_token` in its data."""
    data = _response(inner.get("response_json"))
    return _parts(Interactive(kind="flow", title=text(inner.get("name")), data=data), text(inner.get("body")))


def _response(given: Any) -> Any:
    """A string of JSON, opened; as it is where it holds none."""
    if not isinstance(given, str):
        return with_text_ids(given)
    try:
        return with_text_ids(msgspec.json.decode(given))
    except (msgspec.DecodeError, RecursionError):
        return given


def _call_permission(inner: Parts) -> Parts:
    return _parts(Interactive(kind="call_permission", data=with_text_ids(inner)), None)


def _other(kind: str, body: Parts) -> Parts:
    said = body.get("body")
    data = with_text_ids({key: value for key, value in body.items() if key != "type"})
    return _parts(
        Interactive(kind=kind, data=data), text(said.get("text")) if isinstance(said, dict) else None
    )


_READERS: dict[str, Callable[[Parts], Parts]] = {
    "button_reply": _choice("button"),
    "list_reply": _choice("list"),
    "nfm_reply": _flow,
    "call_permission_reply": _call_permission,
}
