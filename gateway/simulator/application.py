"""Everything that a simulated Meta answers: the Graph API, files, and `/_simulator` to steer it."""

import asyncio

from starlette.applications import Starlette
from starlette.routing import Route

from gateway.simulator.control import Control
from gateway.simulator.files import Files
from gateway.simulator.graph.application import Graph
from gateway.simulator.meta import Meta

METHODS = ["GET", "POST", "DELETE"]


def application(meta: Meta, closing: asyncio.Event) -> Starlette:
    """The ASGI application; `closing` ends the requests that would wait for ever."""
    graph, files, control = Graph(meta, closing), Files(meta), Control(meta)
    return Starlette(
        routes=[
            Route("/_simulator", control.overview, methods=["GET"]),
            Route("/_simulator/{operation}", control.operate, methods=["POST"]),
            Route("/whatsapp_business/attachments/", files.attachment, methods=["GET"]),
            Route("/v/{shelf}/{name}", files.public, methods=["GET"]),
            Route("/{path:path}", graph.answer, methods=METHODS),
        ]
    )
