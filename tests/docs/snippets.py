"""Source that docs/verifying.md shows: what stands in each file of examples/ before its server."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "verifying.md"
_BLOCK = re.compile(r"<!-- (examples/\S+) -->\n.*?<!-- end -->", re.DOTALL)
_LANGUAGES = {"py": "python", "mjs": "js", "go": "go", "php": "php", "rb": "ruby", "java": "java"}


def with_snippets(text: str) -> str:
    """The page with each marked block as its file is now."""
    return _BLOCK.sub(_block, text)


def _block(found: "re.Match[str]") -> str:
    path = ROOT / found[1]
    shown, mark, _ = path.read_text(encoding="utf-8").partition("A server to try it with:")
    assert mark, path
    shown = shown.rpartition("\n")[0].rstrip()
    return f"<!-- {found[1]} -->\n```{_LANGUAGES[path.suffix[1:]]}\n{shown}\n```\n<!-- end -->"
