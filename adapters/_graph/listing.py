"""Lists come in pages: {"data":[…],"paging":{"cursors":{"after":"…"},"next":"https://…"}}.

A page can be empty and still not be the last. Meta, "Graph API: Paginated Results".
"""

from typing import Any

from adapters._values import mapping, text, untyped


def rows(body: bytes) -> list[dict[str, Any]]:
    """The objects of this page; the body has been read as an object before."""
    data = mapping(untyped(body)).get("data")
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def after(body: bytes) -> str | None:
    """What to ask the next page with; None on the last one."""
    paging = mapping(mapping(untyped(body)).get("paging"))
    cursor = text(mapping(paging.get("cursors")).get("after"))
    return cursor if text(paging.get("next")) or not rows(body) else None
