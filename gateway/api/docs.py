"""The reference itself, for programs and for people."""

import asyncio
from collections.abc import Callable, Sequence
from functools import cached_property

from starlette.responses import HTMLResponse, Response

from gateway.api.openapi import openapi
from gateway.api.operations import Call, Media, Operation
from gateway.api.page import page
from gateway.api.schema import Schema
from gateway.api.yaml import render

_HEAD = "# Made from the code by `gateway openapi`; a test compares. Change gateway/api/ instead.\n"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


class Reference:
    """The document about some operations and about the two that show it; made once, when first asked for."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = (
            *operations,
            Operation(
                "GET",
                "/openapi.yaml",
                self.get_openapi,
                {200: Media("application/yaml", "This document.")},
                access="open",
            ),
            Operation(
                "GET",
                "/docs",
                self.get_docs,
                {200: Media("text/html", "This document as a page.")},
                access="open",
            ),
        )

    @cached_property
    def document(self) -> Schema:
        """As plain values."""
        return openapi(self.operations)

    @cached_property
    def yaml(self) -> str:
        """As openapi.yaml has it."""
        return _HEAD + render(self.document)

    @cached_property
    def _page(self) -> str:
        return page(self.document)

    @staticmethod
    async def _made(make: Callable[[], str]) -> str:
        """In a thread: the first time takes a tenth of a second, and webhooks are not to wait for it."""
        return await asyncio.to_thread(make)

    async def get_openapi(self, call: Call[None]) -> Response:
        """Show this document as OpenAPI 3.1."""
        return Response(await self._made(lambda: self.yaml), media_type="application/yaml")

    async def get_docs(self, call: Call[None]) -> Response:
        """Show this document as a page."""
        headers = {"content-security-policy": _POLICY, "x-content-type-options": "nosniff"}
        return HTMLResponse(await self._made(lambda: self._page), headers=headers)
