"""JSON Schema of everything the API takes and gives, made from the types that do the work.

What msgspec cannot know is added here: the sentences under the fields, and that an absent key of an
event is absent, never null.
"""

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, get_args

import msgspec
from msgspec import Struct

from adapters.event import Event, Placement

Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/{name}"


def components(types: Sequence[Any]) -> tuple[list[Schema], dict[str, Schema]]:
    """For each type a reference, and all schemas that these need, by name."""
    found = msgspec.json.schema_components([*types, Event, Placement], ref_template=_REFERENCE)
    references, schemas = json.loads(_with_list_names(json.dumps(found)))
    documented = _documentation([*types, Event])
    for name, schema in schemas.items():
        schema.pop("title", None)
        for key, member in schema.get("properties", {}).items():
            _drop_null(member)
            if (name, key) in documented:
                member["description"] = documented[name, key]
    _join(schemas["Event"], schemas.pop("Placement"))
    return references[: len(types)], schemas


def event_schema() -> Schema:
    """The delivered event, the store's keys included, as one JSON Schema document."""
    schemas = components([])[1]
    event = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schemas.pop("Event")}
    text = json.dumps({**event, "$defs": schemas}).replace("#/components/schemas/", "#/$defs/")
    return dict(json.loads(text))


def _join(event: Schema, placement: Schema) -> None:
    """What the store adds stands in the same object."""
    event["properties"] |= placement["properties"]


def _with_list_names(text: str) -> str:
    """`Listing_Account_`, as msgspec names a generic type, becomes `AccountList`."""
    return re.sub(r"Listing_([A-Za-z]+)_", r"\1List", text)


def _drop_null(member: Schema) -> None:
    """A member whose default is null is left out instead of being null."""
    if member.get("default", ...) is not None:
        return
    del member["default"]
    choices = [choice for choice in member.pop("anyOf", []) if choice != {"type": "null"}]
    member |= choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {}


def _documentation(types: Sequence[Any]) -> dict[tuple[str, str], str]:
    """(schema, member) → the sentence under the field, in its own class or the one it comes from."""
    return {
        (form.__name__, key): sentence
        for form in _structs(types)
        for base in reversed(form.__mro__)
        for field, key in zip(form.__struct_fields__, form.__struct_encode_fields__, strict=True)
        if (sentence := _sentences(base.__module__).get((base.__name__, field)))
    }


def _structs(types: Sequence[Any]) -> list[type[Struct]]:
    """All structs of the modules that the types come from, after those that they take parts from.

    Where two modules have a struct of the same name, the later one is the one that is documented.
    """
    modules = sorted({form.__module__ for one in types for form in (get_args(one) or (one,))})
    while further := {one.__module__ for one in _members(modules)}.difference(modules):
        modules = [*sorted(further), *modules]
    return _members(modules)


def _members(modules: Sequence[str]) -> list[type[Struct]]:
    members = [member for name in modules for member in vars(sys.modules[name]).values()]
    return [one for one in members if isinstance(one, type) and issubclass(one, Struct)]


@cache
def _sentences(module: str) -> dict[tuple[str, str], str]:
    """(class, field) → the docstring under the field, for all classes of a module."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError):
        return {}
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return {(one.name, field): sentence for one in classes for field, sentence in _of_class(one)}


def _of_class(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            yield field.target.id, " ".join(below.value.value.split())
