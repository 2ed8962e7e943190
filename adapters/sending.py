"""The contract of sending: what goes to a platform, and what its answer means. No input or output here.

    request(outgoing, account)        the requests to make, in order; raises Unsendable
    result(status, headers, body)     what an answer to one of them means
    usage(headers)                    how near the limits are
    upload(media, account)            the request that uploads media; `result` reads its answer

Exception: Unsendable. `Sent` and `SendError` are values: a platform's refusal is a fact, not an accident.
"""

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import Struct

SendCode = Literal[
    "psid_invalid",
    "blocked_by_user",
    "opted_out",
    "outside_window",
    "account_mismatch",
    "rate_limited",
    "token_expired",
    "permission",
    "unsupported",
    "policy",
    "invalid",
    "temporary",
    "unknown",
]
"""Why a message was not sent, in the same words for all channels.

`psid_invalid`: the recipient's id, of whatever kind, is not one that this account can write to.
"""

Scope = Literal["message", "recipient", "account", "app"]
"""What a refusal concerns: how much must wait, or be mended, before the next attempt can succeed."""


class Account(Struct, frozen=True, kw_only=True):
    """The business's side. The token is not in it: whoever makes the request adds it."""

    page_id: str
    """Page id, Instagram account id, WhatsApp phone_number_id: as on events."""
    waba_id: str | None = None
    login: Literal["facebook", "instagram"] = "facebook"
    """Instagram only: connected through a Page (`facebook`), or by itself (`instagram`)."""
    linked_page_id: str | None = None
    """Instagram through a Page: that Page's id, where it is known."""


class FilePart(Struct, frozen=True, kw_only=True):
    """The place of the file in a multipart body; whoever makes the request has the bytes."""

    field: str
    filename: str
    mime_type: str


class Request(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One HTTP request, without token and version."""

    method: Literal["GET", "POST", "DELETE"]
    host: str
    """`graph.facebook.com` or `graph.instagram.com`."""
    path: str
    """Begins with a slash; whoever makes the request puts the API's version in front."""
    query: dict[str, str] = {}
    json: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    """The text parts of a multipart body; then there is no `json`."""
    file: FilePart | None = None
    tag: str | None = None
    """Our id that this request carries to the platform; see `part_tag`."""


class SendWarning(Struct, frozen=True, kw_only=True):
    """Something that the channel cannot express, and what became of it."""

    field: str
    """Where it stood: `message.caption`."""
    detail: str


class Prepared(Struct, frozen=True, kw_only=True):
    """What to do: the requests in their order, each only after the one before it succeeded."""

    requests: tuple[Request, ...]
    warnings: tuple[SendWarning, ...] = ()


class Unsendable(Exception):
    """The channel cannot send this at all; nothing was sent.

    `code` is `unsupported` (the channel has no such thing), `invalid` (too long, too many …),
    `account_mismatch` (a recipient of another kind of account) or `policy` (forbidden, such as
    `HUMAN_AGENT` for a bot). `field` is where: `message.buttons[3].title`.
    """

    def __init__(self, code: SendCode, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.code = code
        self.field = field
        self.detail = detail


def foreign(kinds: Iterable[str]) -> Unsendable:
    """The refusal of an id that belongs to another platform."""
    return Unsendable("account_mismatch", "to.kind", f"is none of this channel's: {', '.join(kinds)}")


class Sent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The platform took it. That says nothing about delivery."""

    message_id: str | None = None
    """None for a signal."""
    recipient_id: str | None = None
    """PSID or IGSID. After a private reply it is the only proof of who the commenter is."""
    input: str | None = None
    """WhatsApp: the recipient as we wrote it …"""
    wa_id: str | None = None
    """… and as WhatsApp knows it, which can differ (Brazil, Mexico)."""
    bsuid: str | None = None
    group_id: str | None = None
    media_id: str | None = None
    """After an upload, and of media that was sent to be used again."""
    held: str | None = None
    """WhatsApp: `held_for_quality_assessment` or `paused`, where a template is being paced."""


class SendError(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The platform refused, or it is not known what it did."""

    code: SendCode
    retryable: bool
    """The same request can succeed later, and cannot have succeeded before."""
    scope: Scope = "message"
    ambiguous: bool = False
    """It may have been sent. Never repeat it before an echo or a status has told."""
    already_done: bool = False
    """It, or its like, was done before: a success where an earlier attempt ended ambiguously."""
    retry_after: int | None = None
    """Seconds to wait at least, where the platform or its documentation says so."""
    status: int | None = None
    """Of HTTP; None where the error came by webhook."""
    platform_code: int | None = None
    subcode: int | None = None
    trace_id: str | None = None
    title: str | None = None
    detail: str | None = None


class Usage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much of a limit is used, by the platform's own account."""

    kind: Literal["app", "page", "business"]
    percent: int
    """The highest of calls, time and processor time; from 100 on the platform refuses."""
    id: str | None = None
    """Whose limit, where the header says it."""
    type: str | None = None
    """`messenger`, `whatsapp` … where the header says it."""
    regain_access_seconds: int | None = None


class Upload(Struct, frozen=True, kw_only=True):
    """Media to be uploaded: bytes that whoever makes the request has, or a URL."""

    type: Literal["image", "video", "audio", "file", "sticker"]
    filename: str
    mime_type: str
    url: str | None = None
    """The platform fetches it from here (not WhatsApp)."""


class MediaLink(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where media can be fetched for a short time."""

    url: str
    mime_type: str | None = None
    """Perhaps with parameters: `audio/ogg; codecs=opus`."""
    sha256: str | None = None
    """In hexadecimal digits."""
    size: int | None = None
    """In bytes."""


def part_tag(tag: str | None, part: int) -> str | None:
    """The tag of the n-th message (from 0) that one outgoing message became."""
    return tag if tag is None or part == 0 else f"{tag}#{part + 1}"


def tag_of_part(tag: str) -> tuple[str, int]:
    """Our id, and the number from 0 of the message among those it became."""
    ours, mark, number = tag.rpartition("#")
    return (ours, int(number) - 1) if mark and number.isdecimal() and int(number) > 1 else (tag, 0)
