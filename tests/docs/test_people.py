"""The page about people names a test for everything that it says the guides teach."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "people.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_line_of_what_the_guides_teach_names_a_test_that_exists() -> None:
    table = PAGE.partition("## What the guides teach")[2]
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    named = [match for line in lines if (match := NAMED.search(line))]
    assert len(named) == len(lines) > 20
    for one in named:
        content = (ROOT / one[1]).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {one[2]}\b", content, re.MULTILINE), one[0]
