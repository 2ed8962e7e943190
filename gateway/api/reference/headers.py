"""Headers of the API's own requests and answers, for the reference."""

from collections.abc import Iterator

from gateway.api import idempotency, request_ids
from gateway.api.operations import LAST_EVENT_ID, Operation
from gateway.api.schema import Schema

PARAMETERS: dict[str, Schema] = {
    idempotency.HEADER: {
        "name": idempotency.HEADER,
        "in": "header",
        "description": "A name of your own for this request: for 24 hours the same request under the same "
        "name is answered as before and not done again.",
        "schema": {"type": "string", "pattern": idempotency.KEY, "minLength": 1, "maxLength": 255},
        "example": "order-desk-endpoint-1",
    },
    LAST_EVENT_ID: {
        "name": LAST_EVENT_ID,
        "in": "header",
        "description": "The `id` of the last event that you are done with: the stream begins behind it.",
        "schema": {"type": "string"},
    },
}
HEADERS: dict[str, Schema] = {
    request_ids.HEADER: {
        "description": "The id of this request; tell it to the operator when something is wrong.",
        "required": True,
        "schema": {"type": "string"},
    },
    idempotency.REPLAYED: {
        "description": "Present if this is the answer to an earlier request under the same Idempotency-Key.",
        "schema": {"const": "true"},
    },
}


def parameters(operation: Operation) -> Iterator[Schema]:
    """The headers that an operation heeds."""
    heeded = {idempotency.HEADER: operation.takes_key, LAST_EVENT_ID: operation.streams}
    yield from ({"$ref": f"#/components/parameters/{name}"} for name, heeds in heeded.items() if heeds)


def of_answer(operation: Operation) -> dict[str, Schema]:
    """The headers of a success."""
    names = HEADERS if operation.takes_key else (request_ids.HEADER,)
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def of_problem() -> dict[str, Schema]:
    """The headers of any problem; those of an operation with keys may be told twice as well."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
