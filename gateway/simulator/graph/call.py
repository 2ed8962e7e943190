"""One request to the Graph API, read: who calls, what for, with which parameters."""

import json
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct, field
from starlette.requests import Request

from gateway.simulator.graph import errors
from gateway.simulator.graph.errors import GraphError
from gateway.simulator.graph.multipart import Part, parts
from gateway.simulator.meta import Meta
from gateway.simulator.tokens import EXPIRED, Token
from gateway.simulator.webhooks.envelope import News

INSTAGRAM_HOST = "graph.instagram.com"
HOSTS = (INSTAGRAM_HOST, "graph.facebook.com")
UNAUTHORIZED = 401


class Call(Struct, kw_only=True):
    """A call, and what is to be reported once it is answered."""

    meta: Meta
    method: str
    path: tuple[str, ...]
    """Without host and version: `me`, `messages`."""
    params: dict[str, Any]
    """Query, form and JSON together, as Graph takes them."""
    files: list[Part]
    bearer: str
    base_url: str
    """How this server was reached."""
    on_instagram: bool
    """The call went to graph.instagram.com."""
    news: list[News] = field(default_factory=list)

    @property
    def now_ms(self) -> int:
        """The simulated moment."""
        return self.meta.clock.now_ms()

    @property
    def edge(self) -> str:
        """The last part of the path."""
        return self.path[-1] if self.path else ""

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text."""
        value = self.params.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def required(self, name: str) -> Any:
        """A parameter that must be there. Raises GraphError."""
        if self.params.get(name) in (None, ""):
            raise errors.messenger(100, message=f"The parameter {name} is required.")
        return self.params[name]

    def token(self) -> Token:
        """The token of the call, if it is still good. Raises GraphError."""
        if not self.bearer:
            message = "An access token is required to request this resource."
            error = GraphError(message, 104, status=UNAUTHORIZED)
            raise error
        token = self.meta.tokens.find(self.bearer)
        if token is None or (self.on_instagram and token.kind != "instagram"):
            message = "Invalid OAuth access token - Cannot parse access token"
            raise GraphError(message, 190, status=UNAUTHORIZED)
        status = UNAUTHORIZED if token.kind == "system" else errors.BAD_REQUEST
        if token.ended is not None:
            raise errors.bad_token(token.ended, status)
        if token.expires_ms is not None and self.now_ms >= token.expires_ms:
            raise errors.bad_token(EXPIRED, status)
        return token

    def needs(self, *permissions: str) -> None:
        """Refuse unless the token has one of the permissions. Raises GraphError."""
        token = self.token()
        if token.permissions & set(permissions):
            return
        if token.kind == "system":
            raise errors.whatsapp(200, "You do not have the necessary permissions for this number.")
        raise errors.messenger(200, message=f"Requires {permissions[0]} permission to manage the object")


async def read(meta: Meta, request: Request) -> Call:
    """Take a request apart. Raises GraphError if its body is not what it says it is."""
    body = await request.body()
    params: dict[str, Any] = {name: _value(text) for name, text in request.query_params.items()}
    content_type = request.headers.get("content-type", "")
    files: list[Part] = []
    if content_type.startswith("multipart/form-data"):
        fields = parts(content_type, body)
        files = [part for part in fields if part.filename is not None]
        params |= {part.name: _value(part.content.decode()) for part in fields if part.filename is None}
    elif content_type.startswith("application/x-www-form-urlencoded"):
        params |= {name: _value(text) for name, text in parse_qsl(body.decode(), keep_blank_values=True)}
    elif body:
        params |= _json(body)
    host, path = _address(request)
    return Call(
        meta=meta,
        method=request.method,
        path=path,
        params=params,
        files=files,
        bearer=_bearer(request, params),
        base_url=str(request.base_url).rstrip("/"),
        on_instagram=host == INSTAGRAM_HOST,
    )


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise errors.messenger(100, message="The request body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise errors.messenger(100, message="The request body is no object.")
    return value


def _value(text: str) -> Any:
    """Objects and arrays come as JSON inside a parameter."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _address(request: Request) -> tuple[str, tuple[str, ...]]:
    """The host that was meant, and the path without it and without the version."""
    path = [part for part in request.url.path.split("/") if part]
    host = request.headers.get("host", "").partition(":")[0]
    if path and path[0] in HOSTS:
        host = path.pop(0)
    if path and path[0][:1] == "v" and path[0][1:].replace(".", "").isdigit():
        path.pop(0)
    return host, tuple(path)


def _bearer(request: Request, params: dict[str, Any]) -> str:
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return header[len("bearer ") :].strip()
    given = params.pop("access_token", "")
    return given if isinstance(given, str) else ""
