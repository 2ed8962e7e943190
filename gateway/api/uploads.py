"""Files to send: handed to the platform once, then sent by the id that it gives."""

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.responses import Response

from adapters import ADAPTERS
from adapters.sending import SendError, Sent, Upload
from gateway.accounts.errors import AccountFault, fault_of
from gateway.accounts.questions import Questions
from gateway.accounts.side import side
from gateway.api.answers import answer
from gateway.api.connecting import TOKEN_FAULTS, token_problem
from gateway.api.message_forms import Identifier
from gateway.api.operations import Call, Operation
from gateway.api.paging import Query
from gateway.api.problems import Problem, ProblemKind, invalid, not_found
from gateway.store.records import Account

LARGEST = 25 * 1024 * 1024
"""Bytes: Messenger's and Instagram's own limit. WhatsApp takes larger documents by URL."""
_TYPE = re.compile(r"(image|video|audio|application|text|model|font)/[\w.+-]+")


class UploadQuery(Query, frozen=True, kw_only=True):
    """Whose file it is, and what it is called."""

    platform: str
    page_id: Identifier
    """The page that will send it: no other can."""
    filename: Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f/\\]*$")]
    """Documents are shown under it."""


class UploadedMedia(Struct, frozen=True, kw_only=True):
    """What the platform keeps."""

    media_id: str
    """For `media_id` of a message. WhatsApp keeps a file for 30 days."""


async def upload_media(call: Call[UploadQuery]) -> Response:
    """Upload a file to send it, as often as one likes, by `media_id`.

    The body is the file; `Content-Type` says what it is. The platform keeps it, the gateway does not.
    """
    account, token = _account(call)
    mime_type = _mime_type(call)
    media = Upload(type=_kind(mime_type), filename=call.given.filename, mime_type=mime_type)
    adapter = ADAPTERS[account.platform]
    request, questions = adapter.upload(media, side(account)), Questions(call.services.graph)
    try:
        said = await questions.ask(request, token, adapter.result, call.content)
        media_id = _id(said)
    except AccountFault as fault:
        raise token_problem(fault) from None
    now = call.services.clock()
    await call.sending.outbox.keep_upload(account.platform, account.page_id, media_id, now)
    return answer(UploadedMedia(media_id=media_id), 201)


def _account(call: Call[UploadQuery]) -> tuple[Account, str]:
    """The caller's account, and its token."""
    platform, page_id = call.given.platform, call.given.page_id
    if platform not in ADAPTERS:
        raise invalid("platform", f"is none of {', '.join(ADAPTERS)}")
    account = call.services.directory.account(platform, page_id)
    if account is None or call.visible.account(account.id) is None:
        raise not_found("account", page_id)
    if account.access_token is None:
        detail = "The account has no access token: send one with POST /v1/accounts."
        raise Problem(ProblemKind.PERMISSION, detail)
    return account, account.access_token


def _mime_type(call: Call[UploadQuery]) -> str:
    said = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if _TYPE.fullmatch(said) is None:
        raise Problem(
            ProblemKind.UNSUPPORTED_MEDIA_TYPE, "Send the file's own type: `Content-Type: image/png`."
        )
    if not call.content:
        raise invalid("body", "is empty")
    return said


def _kind(mime_type: str) -> Literal["image", "video", "audio", "file"]:
    match mime_type.partition("/")[0]:
        case "image" | "video" | "audio" as kind:
            return kind
        case _:
            return "file"


def _id(said: Sent | SendError) -> str:
    """Raises Problem for what is wrong with the file, AccountFault for the rest."""
    if isinstance(said, Sent) and said.media_id is not None:
        return said.media_id
    if isinstance(said, Sent):
        raise Problem(ProblemKind.GRAPH_UNREACHABLE, "Meta took the file and gave no id. Try again.")
    if said.code in ("invalid", "unsupported"):
        raise invalid("body", f"is not taken by the platform: {said.detail or said.title}")
    raise fault_of(said)


OPERATIONS = (
    Operation(
        "POST",
        "/v1/messages/upload",
        upload_media,
        {201: UploadedMedia},
        access="send",
        query=UploadQuery,
        file_bytes=LARGEST,
        problems=(ProblemKind.PERMISSION, *TOKEN_FAULTS),
    ),
)
