"""What a request says, decoded strictly: an unknown or misspelt field is an error that names it."""

import re
from typing import TypeVar

import msgspec
from msgspec import Struct
from starlette.requests import ClientDisconnect, Request

from gateway.api.problems import Problem, ProblemKind, invalid
from gateway.nesting import DEEPEST, too_deep

LARGEST = 1024 * 1024
"""Bytes in a body."""
MEDIA_TYPE = "application/json"

Decoded = TypeVar("Decoded", bound=Struct)
_WHERE = re.compile(r"(?P<what>.*) - at (?:`key` in )*`\$\.?(?P<path>.*)`", re.DOTALL)
_NAMED = re.compile(r"Object (?P<fault>contains unknown|missing required) field `(?P<name>.*)`", re.DOTALL)


class Input(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of every body and query. Its repr shows no value: some are secrets."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


async def read_body(request: Request) -> bytes:
    """The body; an empty one counts as `{}`. Raises Problem (400, 413, 415)."""
    content = await read_file(request, LARGEST)
    if content and request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Problem(ProblemKind.UNSUPPORTED_MEDIA_TYPE, f"Send `Content-Type: {MEDIA_TYPE}`.")
    return content or b"{}"


def decode(content: bytes, form: type[Decoded]) -> Decoded:
    """JSON as a `form`. Raises Problem (400, 422)."""
    if too_deep(content):
        detail = f"The body has more than {DEEPEST} objects and lists in each other."
        raise Problem(ProblemKind.INVALID_JSON, detail)
    try:
        return msgspec.json.decode(content, type=form)
    except msgspec.ValidationError as error:
        raise _misfit(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(
            ProblemKind.INVALID_JSON, f"The body cannot be read as JSON: {_reason(error)}."
        ) from None


def read_query(request: Request, form: type[Decoded]) -> Decoded:
    """The query parameters as a `form`. Raises Problem (422)."""
    given = request.query_params.multi_items()
    parameters = dict(given)
    if len(parameters) < len(given):
        names = [name for name, _ in given]
        raise invalid(next(name for name in names if names.count(name) > 1), "is given more than once")
    try:
        query = msgspec.convert(parameters, form, strict=False)
    except msgspec.ValidationError as error:
        raise _misfit(error) from None
    for name in parameters:
        # msgspec reads the text `null` as None, which would turn a filter off without a word.
        if getattr(query, name) is None:
            raise invalid(name, "is not null; leave the parameter out instead")
    return query


async def read_file(request: Request, largest: int) -> bytes:
    """The body as it is, of up to so many bytes. Raises Problem (400, 413)."""
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > largest:
                raise Problem(ProblemKind.BODY_TOO_LARGE, f"Send at most {largest} bytes.")
    except ClientDisconnect:
        raise Problem(
            ProblemKind.INCOMPLETE_BODY, "The connection closed before the body was complete."
        ) from None
    return bytes(content)


def _misfit(error: msgspec.ValidationError) -> Problem:
    """msgspec tells the place of a fault in its text only: ``Expected `int`, got `str` - at `$.limit` ``."""
    text = str(error)
    where = _WHERE.fullmatch(text)
    what, path = (where["what"], where["path"]) if where else (text, "")
    named = _NAMED.fullmatch(what)
    if named is None:
        return invalid(path, what[:1].lower() + what[1:])
    field = ".".join(part for part in (path, named["name"][:100]) if part)
    return invalid(field, "is not known here" if named["fault"] == "contains unknown" else "is required")


def _reason(error: Exception) -> str:
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
