"""A part of a file. RFC 9110, "Range Requests": one range of bytes, as every CDN gives it."""

import re

from starlette.requests import Request
from starlette.responses import Response

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
PARTIAL = 206
UNSATISFIABLE = 416


def part_of(request: Request, content: bytes, media_type: str) -> Response:
    """The whole, the range that is asked for, or that there is no such range."""
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None or asked.groups() == ("", ""):
        return Response(content, media_type=media_type, headers={"accept-ranges": "bytes"})
    first, last = _bounds(asked, len(content))
    if first > last:
        return Response(status_code=UNSATISFIABLE, headers={"content-range": f"bytes */{len(content)}"})
    where = {"content-range": f"bytes {first}-{last}/{len(content)}"}
    return Response(content[first : last + 1], status_code=PARTIAL, media_type=media_type, headers=where)


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    """The first and the last byte; without a first one, so many from the end."""
    first, last = asked.groups()
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last or size), size - 1)
