"""From what a POST has made to what can be done with it (OpenAPI links)."""

from collections.abc import Sequence
from typing import Any

from gateway.api.operations import Operation
from gateway.api.schema import Schema


def links(made: Operation, form: Any, operations: Sequence[Operation]) -> Schema:
    """Every operation on one such thing, with its id taken from the answer; none where nothing is made."""
    if made.method != "POST" or "{" in made.path or "id" not in getattr(form, "__struct_fields__", ()):
        return {}
    found = {
        one.handler.__name__: {
            "operationId": one.handler.__name__,
            "parameters": {"id": "$response.body#/id"},
        }
        for one in operations
        if one.path.startswith(made.path + "/{id}") and one.path.count("{") == 1
    }
    return {"links": found} if found else {}
