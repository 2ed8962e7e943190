"""openapi.yaml and the server are one."""

import subprocess
import sys
from typing import Any

import pytest
from openapi_spec_validator import validate as validate_document
from starlette.routing import Route

from adapters.names import EVENTS
from gateway.api.problems import ProblemKind
from gateway.api.reference.examples import EXAMPLES
from gateway.api.routes import OPERATIONS, routes
from gateway.api.schema import event_schema
from gateway.services import Services
from tests.api.reference import reference, validate
from tests.api.regenerate import files
from tests.patience import SOON

SCHEMAS = reference()["components"]["schemas"]


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of everything in the document."""
    return [
        (method, path, operation)
        for path, methods in reference()["paths"].items()
        for method, operation in methods.items()
    ]


def references(value: Any) -> set[str]:
    """Every `$ref` below a value."""
    if isinstance(value, dict):
        own = {value["$ref"]} if "$ref" in value else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


def test_the_files_are_what_the_code_says() -> None:
    for path, content in files().items():
        message = f"{path.name} is old; write it anew: python -m tests.api.regenerate"
        assert path.read_text(encoding="utf-8") == content, message


def test_the_running_server_loads_nothing_that_only_writes_the_reference() -> None:
    look = "import sys, gateway.app; print(*[one for one in sys.modules if 'api.reference' in one])"
    run = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=SOON
    )
    assert run.stdout.strip() == ""


def test_the_document_is_valid_openapi() -> None:
    assert reference()["openapi"].startswith("3.1.")
    validate_document(reference())


@pytest.mark.anyio
async def test_every_route_is_in_the_document_and_the_reverse(services: Services) -> None:
    served = {
        (method.lower(), route.path)
        for route in routes(services, OPERATIONS)
        if isinstance(route, Route)
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert served == {(method, path) for method, path, _ in operations()}


def test_every_operation_is_explained() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    for method, path, operation in operations():
        assert operation["summary"], (method, path)
        assert "security" in operation, (method, path)
        assert "500" in operation["responses"], (method, path)


def test_every_event_is_a_webhook_and_the_reverse() -> None:
    assert list(reference()["webhooks"]) == list(EVENTS)
    for name, item in reference()["webhooks"].items():
        schema = item["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert schema["allOf"][0] == {"$ref": "#/components/schemas/Event"}
        assert schema["allOf"][1]["properties"]["event"] == {"const": name}


def test_every_problem_code_is_in_the_document() -> None:
    assert set(SCHEMAS["ProblemKind"]["enum"]) == {kind.value for kind in ProblemKind}
    responses = " ".join(reference()["components"]["responses"])
    answered = {kind.value for kind in ProblemKind if kind is not ProblemKind.METHOD_NOT_ALLOWED}
    assert [code for code in answered if code not in responses] == []


def test_everything_that_is_referred_to_exists_and_is_used() -> None:
    used = references(reference())
    for section in ("schemas", "parameters", "responses"):
        known = {f"#/components/{section}/{name}" for name in reference()["components"][section]}
        assert {one for one in used if one.startswith(f"#/components/{section}/")} == known


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_fits_its_schema(name: str) -> None:
    validate(EXAMPLES[name], f"/components/schemas/{name}")


def test_every_body_and_every_answer_has_an_example() -> None:
    for method, path, operation in operations():
        contents = [operation.get("requestBody", {}), *operation["responses"].values()]
        for schema in (one.get("content", {}).get("application/json", {}).get("schema") for one in contents):
            if schema:
                assert SCHEMAS[schema["$ref"].rpartition("/")[2]].get("examples"), (method, path)


def test_the_event_of_the_document_is_the_event_of_the_code() -> None:
    text = str(event_schema()["properties"]).replace("#/$defs/", "#/components/schemas/")
    assert str(SCHEMAS["Event"]["properties"]) == text
