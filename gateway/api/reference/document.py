"""The reference document (OpenAPI 3.1), made from the tables of operations and from the types."""

import sys
from collections.abc import Iterator, Sequence

from gateway.api.operations import Media, Operation
from gateway.api.reference.headers import HEADERS, PARAMETERS, of_answer
from gateway.api.reference.links import links
from gateway.api.reference.problem_responses import by_status, name_of, problem_responses
from gateway.api.reference.prose import INTRODUCTION
from gateway.api.reference.schemas import Schemas
from gateway.api.reference.webhooks import ANSWERS, webhooks
from gateway.api.reference.webhooks import HEADERS as DELIVERY_HEADERS
from gateway.api.schema import Schema

_OUTCOMES = {
    200: "As asked.",
    201: "Made.",
    202: "Taken; it happens from now on.",
    503: "Not ready.",
}
_FILE = {"type": "string", "format": "binary"}
_SECURITY_SCHEMES = {
    "customerKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "A customer's key: sees and changes what is that customer's.",
    },
    "operatorKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "The operator's key (`GATEWAY_ADMIN_KEY`): sees everything.",
    },
}


def openapi(operations: Sequence[Operation]) -> Schema:
    """The document. Whoever serves these operations cannot drift from it."""
    schemas = Schemas(operations)
    paths: dict[str, Schema] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = {
            **_described(operation, schemas),
            "responses": _responses(operation, operations, schemas),
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Social gateway", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/", "description": "The gateway that serves this document"}],
        "tags": list(_tags(operations)),
        "paths": paths,
        "webhooks": webhooks(),
        "components": {
            "securitySchemes": _SECURITY_SCHEMES,
            "parameters": schemas.shared_parameters | PARAMETERS | DELIVERY_HEADERS,
            "headers": HEADERS,
            "responses": dict(problem_responses(operations)) | ANSWERS,
            "schemas": schemas.published(),
        },
    }


def _tags(operations: Sequence[Operation]) -> Iterator[Schema]:
    for module in dict.fromkeys(operation.handler.__module__ for operation in operations):
        text = (sys.modules[module].__doc__ or "").partition("\n\n")[0]
        yield {"name": _tag(module), "description": " ".join(text.split())}


def _tag(module: str) -> str:
    return module.rpartition(".")[2]


def _described(operation: Operation, schemas: Schemas) -> Schema:
    handler = operation.handler
    summary, _, description = " ".join((handler.__doc__ or "").split()).partition(". ")
    described: Schema = {
        "operationId": handler.__name__,
        "tags": [_tag(handler.__module__)],
        "summary": summary.removesuffix("."),
    }
    if description:
        described["description"] = description
    described["security"] = _security(operation)
    if parameters := schemas.parameters(operation):
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = schemas.body(operation.body)
    elif operation.file_bytes is not None:
        described["requestBody"] = {"required": True, "content": {"*/*": {"schema": _FILE}}}
    return described


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if operation.access == "open":
        return []
    operator: dict[str, list[str]] = {"operatorKey": []}
    return [operator] if operation.access == "operator" else [{"customerKey": []}, operator]


def _json(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _responses(operation: Operation, operations: Sequence[Operation], schemas: Schemas) -> dict[str, Schema]:
    responses: dict[str, Schema] = {}
    for status, form in operation.answers.items():
        if isinstance(form, Media):
            response = {"description": form.description, "content": {form.type: {}}}
        elif form is None:
            response = {"description": "Done."}
        else:
            response = {"description": _OUTCOMES[status], **_json(schemas.reference(form))}
        responses[str(status)] = {
            **response,
            "headers": of_answer(operation),
            **links(operation, form, operations),
        }
    for status, kinds in by_status(operation):
        responses[str(status)] = {"$ref": f"#/components/responses/{name_of(kinds)}"}
    return dict(sorted(responses.items()))
