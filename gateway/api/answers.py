"""Successful answers. None may be kept by a cache: they hold customers' data, some a secret once."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from starlette.responses import Response

Form = TypeVar("Form", bound=Struct)

_encode = msgspec.json.Encoder().encode
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def answer(value: Any, status: int = 200) -> Response:
    """A value as JSON."""
    return as_json(_encode(value), status)


def as_json(content: bytes, status: int = 200) -> Response:
    """Bytes that are JSON already."""
    return Response(content, status, media_type="application/json", headers=HEADERS)


def done() -> Response:
    """204: it is done, and there is nothing to show."""
    return Response(status_code=204, headers=HEADERS)


def again(content: bytes, status: int, media_type: str | None, headers: Mapping[str, str]) -> Response:
    """An answer that was given before."""
    return Response(content, status, media_type=media_type, headers={**HEADERS, **headers})


def seconds(moment: int) -> int:
    """Unix milliseconds, as the store counts, in the Unix seconds of the API's `…_at`."""
    return moment // 1000


def view(form: type[Form], record: Struct, **converted: Any) -> Form:
    """A stored value in the form that the API shows: only what the form names can get out."""
    same = {name: getattr(record, name) for name in form.__struct_fields__ if name not in converted}
    return form(**same, **converted)
