"""What an answer of the Graph API means.

    {"recipient_id":"…","message_id":"…"}                                           Messenger, Instagram
    {"contacts":[{"input":"…","wa_id":"…"}],"messages":[{"id":"wamid…"}]}           WhatsApp
    {"error":{"message":"…","type":"OAuthException","code":…,"error_subcode":…,"fbtrace_id":"…"}}

Meta answers 400 to almost everything, so the numbers decide and the status only where there are none.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import structs

from adapters._graph.meaning import Meaning, Meanings, meaning
from adapters._graph.usage import regain_access_seconds
from adapters._values import mapping, text, untyped
from adapters.parts import Error
from adapters.sending import SendCode, SendError, Sent

_SUCCESS = range(200, 300)
_UNDECIDED = frozenset({408, 499, *range(500, 600)})
"""Statuses that say nothing about whether the request was done."""
_BY_STATUS: Mapping[int, SendCode] = {
    401: "token_expired",
    403: "permission",
    404: "invalid",
    413: "invalid",
    429: "rate_limited",
}


def result(status: int, headers: Mapping[str, str], body: bytes, table: Meanings) -> Sent | SendError:
    """What became of a request. Names of headers are looked up in lower case."""
    answer = _object(body)
    if answer is not None and isinstance(answer.get("error"), dict):
        return _refused(status, headers, answer["error"], table)
    if status in _SUCCESS:
        unread = "Taken, with an answer that cannot be read"
        return _sent(answer) if answer is not None else _ambiguous(status, unread)
    return _without_reason(status, headers)


def failure(error: Error, table: Meanings) -> SendError:
    """An error that came by webhook: there is no request left to be repeated."""
    number = _number(error.code)
    row = meaning(number, None, table) or Meaning(code="unknown", title="An unknown error")
    described = error.details or error.message
    return structs.replace(
        _error(row), platform_code=number, title=error.title or row.title, detail=described
    )


def _refused(status: int, headers: Mapping[str, str], error: dict[str, Any], table: Meanings) -> SendError:
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    row = meaning(code, subcode, table) or _unlisted(status, error)
    known = _error(row)
    return structs.replace(
        known,
        status=status,
        platform_code=code,
        subcode=subcode,
        trace_id=text(error.get("fbtrace_id")),
        title=text(error.get("error_user_title")) or row.title,
        detail=_detail(error),
        retry_after=_wait(known, headers),
    )


def _unlisted(status: int, error: dict[str, Any]) -> Meaning:
    """A number that no table has: Meta's own hint, then the status."""
    if error.get("is_transient") is True:
        return Meaning(code="temporary", title="A temporary failure", retryable=True)
    code = _BY_STATUS.get(status)
    if code is None and status >= 500:
        return Meaning(code="temporary", title="A failure at Meta", retryable=True)
    return Meaning(code=code or "unknown", title="Refused", retryable=code == "rate_limited")


def _without_reason(status: int, headers: Mapping[str, str]) -> SendError:
    """No error of Meta's: a proxy or a broken server has answered."""
    if status in _UNDECIDED:
        return _ambiguous(status, "A failure that leaves open whether it was done")
    code = _BY_STATUS.get(status, "unknown")
    known = SendError(
        code=code, retryable=code == "rate_limited", status=status, title="Refused without a reason"
    )
    return structs.replace(known, retry_after=_wait(known, headers))


def _ambiguous(status: int, title: str) -> SendError:
    return SendError(code="unknown", retryable=False, ambiguous=True, status=status, title=title)


def _error(row: Meaning) -> SendError:
    return SendError(
        code=row.code,
        retryable=row.retryable,
        scope=row.scope,
        ambiguous=row.ambiguous,
        already_done=row.already_done,
        retry_after=row.retry_after,
        title=row.title,
    )


def _wait(error: SendError, headers: Mapping[str, str]) -> int | None:
    """Seconds: what the answer says, else what the documentation says."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 8:
        return int(said)
    regained = regain_access_seconds(headers) if error.code == "rate_limited" else None
    return regained or error.retry_after


def _detail(error: dict[str, Any]) -> str | None:
    details = text(mapping(error.get("error_data")).get("details"))
    return details or text(error.get("error_user_msg")) or text(error.get("message"))


def _sent(answer: dict[str, Any]) -> Sent:
    message, contact = _first(answer.get("messages")), _first(answer.get("contacts"))
    held = text(message.get("message_status"))
    return Sent(
        message_id=text(message.get("id")) or text(answer.get("message_id")),
        recipient_id=text(answer.get("recipient_id")),
        input=text(contact.get("input")),
        wa_id=text(contact.get("wa_id")),
        bsuid=text(contact.get("user_id")),
        group_id=text(message.get("group_id")),
        media_id=text(answer.get("attachment_id")) or text(answer.get("id")),
        held=None if held == "accepted" else held,
    )


def _first(value: Any) -> dict[str, Any]:
    return mapping(value[0]) if isinstance(value, list) and value else {}


def _number(value: Any) -> int | None:
    written = text(value) or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 16 else None


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        value = untyped(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return None
    return value if isinstance(value, dict) else None
