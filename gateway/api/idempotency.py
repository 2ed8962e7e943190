"""`Idempotency-Key`: a request that is sent again is not done again.

The first answer, if it is final (below 500), is kept for 24 hours per caller, method, path and key, and is
given again to the same query and body; JSON is the same in any order of members, with or without spaces.
A 5xx is not kept: the next one under the key is the first.

If the process dies over a request, or its answer cannot be kept, nobody knows whether the work was done.
Its key then stays in use for the 24 hours: the client looks what there is, and takes a new key.
"""

import hashlib
import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.answers import again
from gateway.api.authentication import Caller
from gateway.api.faults import Act, guarded
from gateway.api.problems import Problem, ProblemKind, invalid
from gateway.log import line, logger
from gateway.nesting import too_deep
from gateway.services import Services
from gateway.store.base import StoreUnavailable
from gateway.store.keyed import EarlierRequest, KeyedAnswer, KeyedRequest

HEADER = "Idempotency-Key"
KEY = r"^[\x21-\x7e]{1,255}$"
REPLAYED = "Idempotent-Replayed"


def keyed(request: Request, caller: Caller, content: bytes) -> KeyedRequest | None:
    """The request as the store knows it; None: it has no key. Raises Problem (422)."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    if re.fullmatch(KEY, given) is None:
        raise invalid(HEADER, "is not 1 to 255 printable ASCII characters without a space")
    return KeyedRequest(
        key=_digest(caller.customer_id, request.method, request.url.path, given),
        fingerprint=_digest(request.url.query, hashlib.sha256(_plain(content)).hexdigest()),
    )


async def once(services: Services, request: KeyedRequest, act: Act, request_id: str) -> Response:
    """Do what has not been done under this key; else answer as before. Raises Problem, StoreUnavailable."""
    earlier = await services.store.begin_keyed(request, services.clock())
    if earlier is not None:
        return _replayed(earlier, request)
    response = await guarded(act, request_id)
    final = response.status_code < ProblemKind.INTERNAL.status
    try:
        await services.store.end_keyed(request, _kept(response) if final else None)
    except StoreUnavailable as error:
        # The work is done: the client had better get its answer now, even if it cannot get it again.
        logger.warning(line("answer not kept", request=request_id, reason=error))
    return response


def _replayed(earlier: EarlierRequest, request: KeyedRequest) -> Response:
    if earlier.fingerprint != request.fingerprint:
        detail = "Take a new key for a new request."
        raise Problem(ProblemKind.IDEMPOTENCY_KEY_REUSED, detail)
    if earlier.answer is None:
        detail = "Try again in a moment. If that goes on, the gateway stopped over it: look what there is."
        raise Problem(ProblemKind.IDEMPOTENCY_KEY_IN_USE, detail, headers={"Retry-After": "1"})
    answer = earlier.answer
    return again(answer.body, answer.status, answer.media_type, {REPLAYED: "true"})


def _kept(response: Response) -> KeyedAnswer:
    return KeyedAnswer(
        status=response.status_code,
        media_type=response.headers.get("content-type"),
        body=bytes(response.body),
    )


def _plain(content: bytes) -> bytes:
    """JSON without its spaces and in one order: the same request, whoever writes it. Else as it is."""
    if too_deep(content):
        return content
    try:
        return msgspec.json.encode(msgspec.json.decode(content), order="deterministic")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return content


def _digest(*parts: str | None) -> bytes:
    """As JSON, so that no part can be taken for the end of another."""
    return hashlib.sha256(msgspec.json.encode(parts)).digest()
