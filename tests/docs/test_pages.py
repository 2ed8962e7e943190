"""The documents say what the code does."""

import re
from pathlib import Path

import pytest

from gateway.settings import SETTINGS
from tests.docs import sending, snippets
from tests.docs.catalogue import page
from tests.examples.programs import VERIFIERS

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md"), ROOT / "bench" / "README.md"])


def settings_table() -> str:
    """The README's settings table, made from the code."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for setting in SETTINGS:
        default = "required" if setting.required else f"`{setting.default}`" if setting.default else "none"
        rows.append(f"| `GATEWAY_{setting.name.upper()}` | {default} | {setting.help} |")
    return "\n".join(rows)


def test_the_settings_table_equals_the_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- settings -->\n")[2].partition("\n<!-- /settings -->")[0]
    assert shown == settings_table()


@pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (document.parent / target).exists(), target


def test_the_readme_names_only_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.M):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_event_reference_is_what_the_code_does() -> None:
    assert (ROOT / "docs" / "events.md").read_text(encoding="utf-8") == page()


def test_the_reference_of_sending_is_what_the_code_does() -> None:
    assert (ROOT / "docs" / "sending.md").read_text(encoding="utf-8") == sending.page()


def test_the_verifiers_that_are_shown_are_the_files() -> None:
    text = snippets.PAGE.read_text(encoding="utf-8")
    assert text == snippets.with_snippets(text)
    for name in VERIFIERS:
        assert f"<!-- examples/{name} -->" in text
