"""All operations of the API, as routes."""

import time
from collections.abc import Sequence
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.api import (
    account_health,
    accounts,
    apps,
    backfills,
    connecting,
    contact_changes,
    contacts,
    conversations,
    customers,
    deliveries,
    docs,
    endpoint_actions,
    endpoint_tests,
    endpoints,
    erasures,
    events,
    health,
    imports,
    keys,
    logins,
    media,
    messages,
    metrics,
    moves,
    poll,
    quarantine,
    refusals,
    renormalisations,
    replays,
    stream,
    uploads,
    usage,
)
from gateway.api.faults import guarded
from gateway.api.operations import Operation
from gateway.api.problems import ProblemKind
from gateway.api.request_ids import request_id
from gateway.log import line, logger
from gateway.services import Services

HEALTH = (*health.OPERATIONS, *metrics.OPERATIONS)
"""All that a process has which only delivers."""
OPERATIONS = (
    *accounts.OPERATIONS,
    *connecting.OPERATIONS,
    *backfills.OPERATIONS,
    *account_health.OPERATIONS,
    *imports.OPERATIONS,
    *moves.OPERATIONS,
    *usage.OPERATIONS,
    *endpoints.OPERATIONS,
    *endpoint_actions.OPERATIONS,
    *endpoint_tests.OPERATIONS,
    *poll.OPERATIONS,
    *stream.OPERATIONS,
    *events.OPERATIONS,
    *deliveries.OPERATIONS,
    *media.OPERATIONS,
    *replays.OPERATIONS,
    *messages.OPERATIONS,
    *uploads.OPERATIONS,
    *conversations.OPERATIONS,
    *renormalisations.OPERATIONS,
    *contacts.OPERATIONS,
    *contact_changes.OPERATIONS,
    *logins.OPERATIONS,
    *erasures.OPERATIONS,
    *customers.OPERATIONS,
    *keys.OPERATIONS,
    *apps.OPERATIONS,
    *quarantine.OPERATIONS,
    *refusals.OPERATIONS,
    *HEALTH,
    *docs.OPERATIONS,
)


def routes(services: Services, operations: Sequence[Operation]) -> list[BaseRoute]:
    """One route per path, so that a wrong method is answered with all that the path takes."""
    by_path = groupby(sorted(operations, key=lambda one: one.path), key=lambda one: one.path)
    return [_route(path, list(of_path), services) for path, of_path in by_path]


def _route(path: str, operations: list[Operation], services: Services) -> Route:
    by_method = {operation.method: operation for operation in operations}
    if "GET" in by_method and not by_method["GET"].streams:
        by_method["HEAD"] = by_method["GET"]

    async def endpoint(request: Request) -> Response:
        operation = by_method[request.method]
        begun = time.perf_counter()
        identifier = request_id(request.scope)
        response = await guarded(lambda: operation.perform(request, services), identifier)
        _log(operation, response, begun, identifier)
        return response

    route = Route(path, endpoint, methods=list(by_method))
    # Starlette answers HEAD wherever it answers GET, and that of a stream would never end.
    route.methods = set(by_method)
    return route


def _log(operation: Operation, response: Response, begun: float, identifier: str) -> None:
    if operation.access != "open" or response.status_code >= ProblemKind.INTERNAL.status:
        milliseconds = round((time.perf_counter() - begun) * 1000, 1)
        facts = {"method": operation.method, "path": operation.path, "status": response.status_code}
        logger.info(line("api", request=identifier, **facts, ms=milliseconds))
