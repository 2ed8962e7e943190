"""docs/peers.md promises nothing without a test."""

import re
from collections.abc import Iterator

import pytest

from tests.docs.test_pages import ROOT

PAGE = (ROOT / "docs" / "peers.md").read_text(encoding="utf-8")
CLAIMLESS = ("no", "to come", "none")
"""How a cell begins that claims nothing."""


def rows() -> Iterator[list[str]]:
    """The cells of each row that is neither a head nor a rule."""
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[-1] not in ("test", "---"):
            yield cells


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`([\w/]+\.py::\w+)`", PAGE))))
def test_every_test_that_it_names_exists(named: str) -> None:
    path, _, name = named.partition("::")
    source = (ROOT / "tests" / path).read_text(encoding="utf-8")
    assert re.search(rf"^(async )?def {name}\(", source, re.MULTILINE)


def test_every_claim_names_a_test() -> None:
    unproven = [cells[0] for cells in rows() if "::" not in cells[-1] and not cells[-2].startswith(CLAIMLESS)]
    assert unproven == []


def test_every_row_has_the_columns_of_its_table() -> None:
    widths = {len(cells) for cells in rows()}
    assert widths == {2, 3, 7, 9}
