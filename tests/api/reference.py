"""Holds every answer of the tests against openapi.yaml, as a client that generates code from it would."""

import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FILE = Path(__file__).resolve().parents[2] / "openapi.yaml"


@cache
def reference() -> dict[str, Any]:
    """The document as it lies in the repository."""
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(reference(), default_specification=DRAFT202012)
    return cast("Registry[Any]", Registry().with_resource("urn:openapi", resource))


def validate(value: Any, pointer: str) -> None:
    """Raise unless the value fits the schema at a JSON pointer into the document."""
    schema = {"$ref": f"urn:openapi#{pointer}"}
    Draft202012Validator(schema, registry=_registry()).validate(value)


async def check(response: httpx.Response) -> None:
    """The hook of the tests' clients. Fails on an answer that the document does not describe."""
    await response.aread()
    described = _described(response)
    content = described.get("content", {})
    if not content:
        assert response.content == b"", "the document says that there is no content"
        return
    media_type = response.headers["content-type"].partition(";")[0]
    if "*/*" in content and response.is_success:
        return
    assert media_type in content, f"{media_type} is not among {list(content)}"
    if media_type == "application/problem+json" and "description" in described:
        assert f"`{response.json()['code']}`" in described["description"], response.text
    schema = content[media_type].get("schema")
    if schema is not None and response.request.method != "HEAD":
        validate(response.json(), schema["$ref"].removeprefix("#"))


def _described(response: httpx.Response) -> Any:
    """The document's response object for what was asked and answered."""
    request, status = response.request, str(response.status_code)
    path = template(request.url.path)
    methods = reference()["paths"].get(path, {})
    method = "get" if request.method == "HEAD" else request.method.lower()
    if method not in methods:
        assert status in ("404", "405"), f"{request.method} {request.url.path} is not in the document"
        problem = {"$ref": "#/components/schemas/ProblemDocument"}
        return {"content": {"application/problem+json": {"schema": problem}}}
    responses = methods[method]["responses"]
    assert status in responses, f"{request.method} {path} answered {status}: {response.text}"
    return _resolved(responses[status])


def template(path: str) -> str | None:
    """The path of the document that a real path is one of."""
    if path in reference()["paths"]:
        return path
    for known in reference()["paths"]:
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", known), path):
            return str(known)
    return None


def _resolved(value: dict[str, Any]) -> Any:
    found: Any = value
    if "$ref" in value:
        found = reference()
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return found
