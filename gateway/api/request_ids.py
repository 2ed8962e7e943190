"""Every request gets an id of its own: in its answer, in the problem it runs into, and in the log."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.identifiers import new_id

HEADER = "request-id"
_IN_SCOPE = "gateway.request_id"


class RequestIds:
    """An ASGI application around another one. What a client sends as its own id counts for nothing."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        identifier = scope[_IN_SCOPE] = new_id("req")

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER.encode(), identifier.encode())]
            await send(message)

        await self._application(scope, receive, send_with_id)


def request_id(scope: Scope) -> str:
    """The id of the request that this scope is of."""
    return str(scope[_IN_SCOPE])
