"""The API as a web application."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from gateway.api.operations import Operation
from gateway.api.problems import of_router
from gateway.api.request_ids import RequestIds
from gateway.api.routes import OPERATIONS, routes
from gateway.services import Services


def application(services: Services, operations: Sequence[Operation] = OPERATIONS) -> ASGIApp:
    """The application that serves the API; a wrong path or method is a problem document too."""
    made = Starlette(routes=routes(services, operations), exception_handlers={HTTPException: of_router})
    # A redirect to the path without its slash would name the scheme and host that a proxy hides.
    made.router.redirect_slashes = False
    return RequestIds(made)
