"""All operations of the API, as routes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.api import (
    accounts,
    apps,
    customers,
    deliveries,
    docs,
    endpoints,
    events,
    health,
    keys,
    quarantine,
    refusals,
)
from gateway.api.operations import Operation
from gateway.api.problems import Problem, ProblemKind, invalid
from gateway.log import line, logger
from gateway.services import Services
from gateway.store.base import InvalidCursor, StoreUnavailable

OPERATIONS = (
    *accounts.OPERATIONS,
    *endpoints.OPERATIONS,
    *events.OPERATIONS,
    *deliveries.OPERATIONS,
    *customers.OPERATIONS,
    *keys.OPERATIONS,
    *apps.OPERATIONS,
    *quarantine.OPERATIONS,
    *refusals.OPERATIONS,
    *health.OPERATIONS,
    *docs.OPERATIONS,
)


def routes(services: Services) -> list[BaseRoute]:
    """One route per path, so that a wrong method is answered with all that the path takes."""
    turn = asyncio.Lock()
    by_path = groupby(sorted(OPERATIONS, key=lambda one: one.path), key=lambda one: one.path)
    return [_route(path, list(operations), services, turn) for path, operations in by_path]


def _route(path: str, operations: list[Operation], services: Services, turn: asyncio.Lock) -> Route:
    by_method = {operation.method: operation for operation in operations}
    if "GET" in by_method:
        by_method["HEAD"] = by_method["GET"]

    async def endpoint(request: Request) -> Response:
        operation = by_method[request.method]
        begun = time.perf_counter()
        response = await _guarded(lambda: operation.perform(request, services, turn))
        _log(operation, response, begun)
        return response

    return Route(path, endpoint, methods=list(by_method))


async def _guarded(perform: Callable[[], Awaitable[Response]]) -> Response:
    """The answer, or the problem that came up. What is unexpected is logged and not shown."""
    try:
        return await perform()
    except Problem as problem:
        return problem.response()
    except InvalidCursor:
        return invalid("cursor", "is not a cursor of this list").response()
    except StoreUnavailable as error:
        logger.warning(line("store unavailable", reason=error))
        detail = "Nothing has happened. Send the request again in a moment."
        return Problem(ProblemKind.STORE_UNAVAILABLE, detail, headers={"Retry-After": "5"}).response()
    except Exception:
        logger.exception(line("api failed"))
        return Problem(
            ProblemKind.INTERNAL, "This is not your fault. Try again, or tell the operator."
        ).response()


def _log(operation: Operation, response: Response, begun: float) -> None:
    if operation.access != "open":
        milliseconds = round((time.perf_counter() - begun) * 1000, 1)
        facts = {"method": operation.method, "path": operation.path, "status": response.status_code}
        logger.info(line("api", **facts, ms=milliseconds))
