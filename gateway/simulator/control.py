"""`/_simulator`: the same operations as in the process, over HTTP; arguments are members of a JSON object."""

import inspect
import json
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.simulator.meta import Meta, Refused
from gateway.simulator.notifier import Notification
from gateway.simulator.operations import operations
from gateway.simulator.webhooks.kinds import KINDS

BAD_REQUEST = 400
NOT_FOUND = 404
CONFLICT = 409


class Control:
    """Steers a simulated Meta."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._operations = operations(meta)

    async def overview(self, request: Request) -> Response:
        """What there is: apps with their secrets, assets with their tokens, people with their ids."""
        meta = self._meta
        assets = [
            {"platform": asset.platform, "id": id, "name": asset.name, "access_token": meta.token(id).value}
            for id, asset in meta.assets.items()
        ]
        return JSONResponse(
            {
                "now_ms": meta.clock.now_ms(),
                "apps": [{"id": app.id, "secret": app.secret} for app in meta.apps.values()],
                "assets": assets,
                "people": [shown(person) for person in meta.people],
                "kinds": {platform: sorted(kinds) for platform, kinds in KINDS.items()},
                "operations": sorted(self._operations),
            }
        )

    async def operate(self, request: Request) -> Response:
        """One operation. 400 for arguments that do not fit, 409 for what cannot happen."""
        operation = self._operations.get(request.path_params["operation"])
        if operation is None:
            return _problem(NOT_FOUND, "there is no such operation; GET /_simulator lists them")
        try:
            result = operation(**_arguments(operation, await request.body()))
            return JSONResponse({"result": shown(await result if inspect.isawaitable(result) else result)})
        except (TypeError, ValueError) as error:
            return _problem(BAD_REQUEST, str(error))
        except Refused as error:
            return _problem(CONFLICT, str(error))


def _arguments(operation: Any, body: bytes) -> dict[str, Any]:
    """Checked against the signature. Raises TypeError or ValueError (msgspec.ValidationError is one)."""
    given = json.loads(body or b"{}")
    if not isinstance(given, dict):
        raise ValueError("the arguments are no JSON object")
    inspect.signature(operation).bind(**given)
    hints = get_type_hints(operation)
    return {name: msgspec.convert(value, hints.get(name, Any)) for name, value in given.items()}


def shown(value: Any) -> Any:
    """A result as JSON; a webhook shows its address, its envelope and its answers."""
    if isinstance(value, list):
        return [shown(one) for one in value]
    if isinstance(value, Notification):
        answers = [attempt.status for attempt in value.attempts]
        return {"url": value.url, "body": json.loads(value.body), "answers": answers}
    return msgspec.to_builtins(value) if isinstance(value, Struct) else value


def _problem(status: int, text: str) -> Response:
    return JSONResponse({"error": text}, status_code=status)
