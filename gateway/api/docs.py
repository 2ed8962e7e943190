"""The reference itself, for programs and for people: two files that are made from the code beforehand."""

from pathlib import Path

from starlette.responses import HTMLResponse, Response

from gateway.api.operations import Call, Media, Operation

_PACKAGE = Path(__file__).resolve().parent.parent
PAGE = _PACKAGE / "api" / "reference.html"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


def openapi_file() -> Path:
    """Where openapi.yaml is: in an installed package, or at the root of a checkout."""
    installed = _PACKAGE / "openapi.yaml"
    return installed if installed.exists() else _PACKAGE.parent / "openapi.yaml"


async def get_openapi(call: Call[None]) -> Response:
    """Show this document as OpenAPI 3.1."""
    return Response(openapi_file().read_bytes(), media_type="application/yaml")


async def get_docs(call: Call[None]) -> Response:
    """Show this document as a page."""
    headers = {"content-security-policy": _POLICY, "x-content-type-options": "nosniff"}
    return HTMLResponse(PAGE.read_bytes(), headers=headers)


OPERATIONS = (
    Operation(
        "GET",
        "/openapi.yaml",
        get_openapi,
        {200: Media("application/yaml", "This document.")},
        access="open",
        tolerant=True,
    ),
    Operation(
        "GET",
        "/docs",
        get_docs,
        {200: Media("text/html", "This document as a page.")},
        access="open",
        tolerant=True,
    ),
)
