"""The schemas and parameters that operations refer to in the reference document."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from gateway.api.bodies import MEDIA_TYPE as JSON
from gateway.api.operations import Media, Operation
from gateway.api.paging import ListQuery, Query
from gateway.api.problems import ProblemDocument
from gateway.api.reference import headers
from gateway.api.reference.examples import EXAMPLES
from gateway.api.schema import Schema, components


class Schemas:
    """The schemas of all types that the operations name; queries become parameters."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        queries: dict[type[Query], None] = dict.fromkeys([ListQuery, *(one.query for one in operations)])
        self._queries = {query.__name__ for query in queries}
        types = [*queries, ProblemDocument, *dict.fromkeys(_types(operations))]
        references, self._schemas = components(types)
        self._references = {repr(form): ref for form, ref in zip(types, references, strict=True)}
        self.shared_parameters = {one["name"]: one for one in self._parameters(ListQuery.__name__)}

    def reference(self, form: Any) -> Schema:
        """`$ref` to the schema of a type."""
        return self._references[repr(form)]

    def body(self, form: type[Struct]) -> Schema:
        """A request body; it may be left out where no field is required."""
        required = bool(self._schemas[form.__name__].get("required"))
        return {"required": required, "content": {JSON: {"schema": self.reference(form)}}}

    def parameters(self, operation: Operation) -> list[Schema]:
        """The path's parameters, then the query's; those of every list are shared."""
        names = re.findall(r"{(\w+)}", operation.path)
        in_path = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
        in_query = [] if operation.access == "open" else self._parameters(operation.query.__name__)
        return [
            *in_path,
            *headers.parameters(operation),
            *(
                {"$ref": f"#/components/parameters/{one['name']}"} if self._is_shared(one) else one
                for one in in_query
            ),
        ]

    def published(self) -> dict[str, Schema]:
        """What `components.schemas` shows, with examples."""
        schemas = {name: one for name, one in self._schemas.items() if name not in self._queries}
        for name, schema in schemas.items():
            if name in EXAMPLES:
                schema["examples"] = [EXAMPLES[name]]
            elif (item := name.removesuffix("List")) in EXAMPLES:
                schema["examples"] = [{"data": [EXAMPLES[item]], "next_cursor": None}]
        return dict(sorted(schemas.items()))

    def _parameters(self, query: str) -> list[Schema]:
        return [
            {
                "name": name,
                "in": "query",
                **({"required": True} if name in self._schemas[query].get("required", ()) else {}),
                **({"description": schema["description"]} if "description" in schema else {}),
                "schema": {key: value for key, value in schema.items() if key != "description"},
            }
            for name, schema in self._schemas[query]["properties"].items()
        ]

    def _is_shared(self, parameter: Schema) -> bool:
        return self.shared_parameters.get(parameter["name"]) == parameter


def _types(operations: Sequence[Operation]) -> Iterator[Any]:
    for operation in operations:
        if operation.body is not None:
            yield operation.body
        yield from (form for form in operation.answers.values() if not isinstance(form, Media | None))
