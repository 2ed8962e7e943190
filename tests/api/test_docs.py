"""The reference as the server shows it."""

import html.parser

import httpx
import pytest

from gateway.api.problems import ProblemKind
from tests.api.reference import FILE

pytestmark = pytest.mark.anyio


class Links(html.parser.HTMLParser):
    """All addresses and anchors of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]
        self.anchors += [value or "" for name, value in attrs if name == "id"]


async def read(nobody: httpx.AsyncClient) -> Links:
    links = Links()
    links.feed((await nobody.get("/docs")).text)
    return links


async def test_the_server_shows_the_file(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.get("/openapi.yaml")).text == FILE.read_text(encoding="utf-8")


async def test_the_page_needs_nothing_from_elsewhere_and_runs_no_script(nobody: httpx.AsyncClient) -> None:
    links = await read(nobody)
    assert [one for one in links.targets if not one.startswith("#")] == ["/openapi.yaml"]
    assert not links.tags & {"script", "link", "img", "iframe", "form"}
    policy = (await nobody.get("/docs")).headers["content-security-policy"]
    assert "default-src 'none'" in policy


async def test_every_link_of_the_page_leads_somewhere(nobody: httpx.AsyncClient) -> None:
    links = await read(nobody)
    assert len(links.anchors) == len(set(links.anchors))
    assert {one[1:] for one in links.targets if one.startswith("#")} <= set(links.anchors)


async def test_every_problem_leads_to_its_explanation(nobody: httpx.AsyncClient) -> None:
    assert {kind.value for kind in ProblemKind} <= set((await read(nobody)).anchors)
