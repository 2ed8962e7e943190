"""Whatever goes wrong in an operation becomes a problem document; what is unexpected is logged, not shown."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from gateway.api.problems import Problem, ProblemKind, invalid
from gateway.log import line, logger
from gateway.store.base import InvalidCursor, StoreUnavailable

Act = Callable[[], Awaitable[Response]]


async def guarded(act: Act, request_id: str) -> Response:
    """The answer, or the problem that came up."""
    try:
        return await act()
    except Problem as problem:
        return problem.response(request_id)
    except InvalidCursor:
        return invalid("cursor", "is not a cursor of this list").response(request_id)
    except StoreUnavailable as error:
        logger.warning(line("store unavailable", request=request_id, reason=error))
        detail = "Nothing has happened. Send the request again in a moment."
        unavailable = Problem(ProblemKind.STORE_UNAVAILABLE, detail, headers={"Retry-After": "5"})
        return unavailable.response(request_id)
    except Exception:
        logger.exception(line("api failed", request=request_id))
        detail = "This is not your fault. Try again, or tell the operator the `request_id`."
        return Problem(ProblemKind.INTERNAL, detail).response(request_id)
