"""Media of events, streamed from the platform with the account's token; nothing is kept here."""

import re
from collections.abc import AsyncIterator, Mapping
from urllib.parse import quote

import msgspec
from starlette.responses import Response, StreamingResponse

from adapters import ADAPTERS
from adapters.event import Event
from adapters.message import Attachment
from adapters.sending import MediaLink, SendError
from gateway.accounts.errors import AccountFault, fault_of
from gateway.accounts.questions import Questions
from gateway.accounts.side import side
from gateway.api.answers import HEADERS
from gateway.api.connecting import TOKEN_FAULTS, token_problem
from gateway.api.operations import Call, Media, Operation
from gateway.api.paging import Query
from gateway.api.problems import Problem, ProblemKind, content_removed, not_found
from gateway.downloads import Download, NotFetched
from gateway.log import line, logger
from gateway.store.emptying import is_emptied
from gateway.store.records import Account

ANY = "*/*"
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w.\"-]+)*")
_SIZE = re.compile(r"bytes \*/[0-9]+")
_KEPT = ("content-length", "content-range", "accept-ranges", "last-modified")
_GONE = (
    "Meta has it no more, or its address has ended. WhatsApp keeps media for days, the addresses of "
    "Messenger and Instagram live for a few: fetch media when the event comes."
)
_PROBLEMS = {
    "expired": (ProblemKind.MEDIA_EXPIRED, _GONE),
    "not_metas": (
        ProblemKind.MEDIA_REFUSED,
        "Its address is not one of Meta's: the gateway does not go there.",
    ),
    "too_large": (ProblemKind.MEDIA_REFUSED, "It is larger than the gateway passes on."),
    "unreachable": (ProblemKind.GRAPH_UNREACHABLE, "Meta did not give it out now. Try again."),
    "range": (ProblemKind.RANGE_NOT_SATISFIABLE, "There are no such bytes in it."),
}


async def get_media(call: Call[Query]) -> Response:
    """Fetch an attachment of an event from the platform: `index` counts from 0.

    The bytes come as the platform gives them, whole or the `Range` that is asked for. A whole file of
    WhatsApp whose hash is wrong ends before its announced length.
    """
    event, attachment = await _attachment(call)
    account = _account(call, event)
    services = call.services
    try:
        link = await _link(call, account, attachment)
        token = None if attachment.media_id is None or account is None else account.access_token
        wanted = call.headers.get("range")
        download = await services.downloads.fetch(link.url, token, wanted)
    except AccountFault as fault:
        raise token_problem(fault) from None
    except NotFetched as failure:
        raise _not_fetched(failure) from None
    whole = download.status == 200
    headers = _headers(download.headers, attachment, link)
    content = _content(download, link.sha256 if whole else None)
    return StreamingResponse(content, download.status, headers=headers)


async def _attachment(call: Call[Query]) -> tuple[Event, Attachment]:
    stored = await call.services.store.event(call.customer_id, call.path["id"])
    if stored is None:
        raise not_found("event", call.path["id"])
    if is_emptied(stored.body):
        raise content_removed(stored.id)
    event = msgspec.json.decode(stored.body, type=Event)
    attachments = () if event.message is None else event.message.attachments or ()
    index = call.path["index"]
    if not index.isascii() or not index.isdigit() or len(index) > 3 or int(index) >= len(attachments):
        raise not_found("attachment", index)
    return event, attachments[int(index)]


def _account(call: Call[Query], event: Event) -> Account | None:
    """The page's account, if it is the caller's: an event can be older than its page's present owner."""
    account = call.services.directory.account(event.platform, event.page_id)
    return account if account is not None and call.visible.account(account.id) is not None else None


async def _link(call: Call[Query], account: Account | None, attachment: Attachment) -> MediaLink:
    """Where they are now, a fresh address if the platform makes one. Raises AccountFault, Problem."""
    if attachment.media_id is not None and account is not None and account.access_token is not None:
        adapter = ADAPTERS[account.platform]
        request = adapter.media_request(attachment.media_id, side(account))
        questions = Questions(call.services.graph)
        link = await questions.ask(request, account.access_token, adapter.media_result)
        if isinstance(link, MediaLink):
            return link
        raise _refused(link)
    if attachment.media_id is not None:
        detail = "The account has no access token: send one with POST /v1/accounts."
        raise Problem(ProblemKind.TOKEN_REFUSED, detail)
    if attachment.url is None:
        raise Problem(ProblemKind.MEDIA_EXPIRED, "The platform gave no address for it.")
    return MediaLink(url=attachment.url, mime_type=attachment.mime_type)


def _refused(error: SendError) -> Exception:
    if error.code == "invalid":
        return Problem(ProblemKind.MEDIA_EXPIRED, _GONE)
    return fault_of(error)


def _not_fetched(failure: NotFetched) -> Problem:
    kind, detail = _PROBLEMS[failure.reason]
    size = failure.content_range or ""
    return Problem(kind, detail, headers={"content-range": size} if _SIZE.fullmatch(size) else None)


def _headers(given: Mapping[str, str], attachment: Attachment, link: MediaLink) -> dict[str, str]:
    """What a browser may know: never to show it as a page of ours."""
    said = given.get("content-type") or link.mime_type or attachment.mime_type or ""
    name = re.sub(r"[^\w. ()-]", "_", attachment.filename or attachment.type)[:150]
    return {
        **HEADERS,
        **{header: given[header] for header in _KEPT if header in given},
        "content-type": said if _TYPE.fullmatch(said) else "application/octet-stream",
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
    }


async def _content(download: Download, sha256: str | None) -> AsyncIterator[bytes]:
    try:
        async for chunk in download.chunks(sha256):
            yield chunk
    except NotFetched as failure:
        logger.warning(line("media broken off", reason=failure.reason))
        raise


OPERATIONS = (
    Operation(
        "GET",
        "/v1/media/{id}/{index}",
        get_media,
        {200: Media(ANY, "The bytes."), 206: Media(ANY, "The bytes of the `Range`.")},
        problems=(
            ProblemKind.MEDIA_EXPIRED,
            ProblemKind.CONTENT_REMOVED,
            ProblemKind.MEDIA_REFUSED,
            ProblemKind.RANGE_NOT_SATISFIABLE,
            *TOKEN_FAULTS,
        ),
    ),
)
