"""What the API says when it does not do what was asked: RFC 9457, with a stable `code`.

`Problem` is raised by handlers and names the kind and the fields at fault. `ProblemKind` is every code
there is, with its status and title; the reference lists them all.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.request_ids import request_id

MEDIA_TYPE = "application/problem+json"


class ProblemKind(Enum):
    """Why a request is not done: a stable code, with its HTTP status and title."""

    INVALID_JSON = "invalid_json", 400, "The body is not JSON."
    INCOMPLETE_BODY = "incomplete_body", 400, "The body ended before it was complete."
    UNAUTHORIZED = "unauthorized", 401, "A valid key is needed."
    OPERATOR_ONLY = "operator_only", 403, "Only the operator may do this."
    SCOPE_MISSING = "scope_missing", 403, "The key does not have the scope for this."
    NOT_FOUND = "not_found", 404, "There is no such thing."
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "This path does not take that method."
    PAGE_OWNED = "page_owned", 409, "Another customer has connected this page."
    APP_IN_USE = "app_in_use", 409, "Accounts are bound to this app."
    CONTACT_SHARED = "contact_shared", 409, "Another customer talks with this person too."
    CONTACTS_DISTINCT = "contacts_distinct", 409, "These two contacts cannot be one."
    IDENTITY_IN_USE = "identity_in_use", 409, "The identity cannot be given or taken."
    NO_ENDPOINT = "no_endpoint", 409, "No endpoint takes this event."
    FORMAT_WITHOUT_TEST = "format_without_test", 409, "The endpoint's format carries no test event."
    WRONG_ENDPOINT_TYPE = "wrong_endpoint_type", 409, "This is not for an endpoint of its type."
    TOO_MANY_SECRETS = "too_many_secrets", 409, "The endpoint has as many live secrets as it may have."
    ACCOUNT_MISMATCH = "account_mismatch", 409, "The recipient or the file belongs to another account."
    OUTSIDE_WINDOW = "outside_window", 409, "The platform's window for such a message is closed."
    OPTED_OUT = "opted_out", 409, "The recipient does not want such messages."
    PERMISSION = "permission", 409, "The account may not send."
    UNSUPPORTED = "unsupported", 422, "The channel cannot show this."
    POLICY = "policy", 422, "The platform's policies forbid this."
    IDEMPOTENCY_KEY_IN_USE = "idempotency_key_in_use", 409, "A request under this key has no answer yet."
    RAW_IN_USE = "raw_in_use", 409, "An endpoint takes raw elements."
    RAW_EXPIRED = "raw_expired", 410, "The raw element is kept no more."
    CONTENT_REMOVED = "content_removed", 410, "The content of the event was removed after its delivery."
    MEDIA_EXPIRED = "media_expired", 410, "The platform has the media no more."
    BODY_TOO_LARGE = "body_too_large", 413, "The body is larger than is taken here."
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", 415, "The body is of a type that is not taken here."
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable", 416, "The media have no such bytes."
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused", 422, "This key was used for another request."
    TOKEN_MISMATCH = "token_mismatch", 422, "The access token does not speak for this account."
    TOKEN_EXPIRED = "token_expired", 422, "The access token is no longer good."
    TOKEN_SCOPES_MISSING = "token_scopes_missing", 422, "The access token lacks permissions."
    TOKEN_OF_ANOTHER_APP = "token_of_another_app", 422, "The access token belongs to an app that is not ours."
    TOKEN_REFUSED = "token_refused", 422, "Meta does not accept the access token."
    INVALID_REQUEST = "invalid_request", 422, "A field or parameter is not valid."
    MEDIA_REFUSED = "media_refused", 502, "The gateway does not pass these media on."
    GRAPH_UNREACHABLE = "graph_unreachable", 503, "Meta does not answer now; try again."
    INTERNAL = "internal", 500, "The gateway failed; the operator's log tells why."
    STORE_UNAVAILABLE = "store_unavailable", 503, "The store cannot take or give data now; try again."

    status: int
    title: str

    def __new__(cls, code: str, status: int, title: str) -> "ProblemKind":
        """The code is the value; status and title are attributes."""
        kind = object.__new__(cls)
        kind._value_ = code
        kind.status = status
        kind.title = title
        return kind


class FieldProblem(Struct, frozen=True, kw_only=True):
    """What is wrong with one field."""

    field: str
    """Its path in the body, such as `headers` or `events[0]`, or the name of the parameter."""
    detail: str


class ProblemDocument(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer other than success (RFC 9457). Programs decide by `code`, which never changes."""

    type: str
    """Where the code is explained."""
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    code: ProblemKind
    detail: str
    """What to do about it, in this case."""
    request_id: str
    """The `request-id` of the answer that said so first; the operator finds it in the log."""
    errors: Sequence[FieldProblem] | None = None


class Problem(Exception):
    """The request cannot be done."""

    def __init__(
        self,
        kind: ProblemKind,
        detail: str,
        errors: Sequence[FieldProblem] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = headers

    def response(self, request_id: str) -> Response:
        """What the client gets."""
        document = ProblemDocument(
            type=f"/docs#{self.kind.value}",
            title=self.kind.title,
            status=self.kind.status,
            code=self.kind,
            detail=self.detail,
            request_id=request_id,
            errors=self.errors,
        )
        return Response(
            msgspec.json.encode(document),
            self.kind.status,
            media_type=MEDIA_TYPE,
            headers={"cache-control": "no-store", **(self.headers or {})},
        )


def invalid(field: str, detail: str) -> Problem:
    """422 for one field or parameter."""
    errors = [FieldProblem(field=field, detail=detail)]
    return Problem(ProblemKind.INVALID_REQUEST, f"{field}: {detail}" if field else detail, errors)


def not_found(what: str, identifier: str) -> Problem:
    """404, with the same words for what does not exist and for what belongs to somebody else."""
    return Problem(ProblemKind.NOT_FOUND, f"There is no {what} {identifier[:100]!r}.")


def content_removed(event_id: str) -> Problem:
    """410 for an event whose content went after its delivery."""
    detail = f"{event_id} has been delivered, and its customer keeps no contents after that."
    return Problem(ProblemKind.CONTENT_REMOVED, detail)


def of_router(request: Request, error: Exception) -> Response:
    """The router's own refusals, a wrong path or method, as problems."""
    status = error.status_code if isinstance(error, HTTPException) else None
    headers = error.headers if isinstance(error, HTTPException) else None
    if status == ProblemKind.METHOD_NOT_ALLOWED.status:
        detail = f"{request.method} is not among the methods in the `Allow` header."
        problem = Problem(ProblemKind.METHOD_NOT_ALLOWED, detail, headers=headers)
    else:
        problem = Problem(ProblemKind.NOT_FOUND, "Nothing has this path. /docs lists what there is.")
    return problem.response(request_id(request.scope))
