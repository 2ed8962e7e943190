"""The error numbers that the platform catalogues list, with the classes they give them.

The catalogues lie beside the repository; what they say is read from their tables.
"""

import re
from pathlib import Path

Number = tuple[int, int | None]
_ROW = re.compile(
    r"^\| (?P<numbers>[^|]*\d[^|]*) \| (?P<meaning>[^|]+) \| (?P<policy>[^|]+) \|$", re.MULTILINE
)


def messenger(shared: Path) -> dict[Number, str]:
    """`4.4 Errors`: "100/2018008, 2018294" are two subcodes of 100; "551 (/1545041)" is with and without."""
    found: dict[Number, str] = {}
    for numbers, policy in _rows(shared / "platforms" / "messenger-instagram.md", "### 4.4", "### 4.5"):
        if numbers.startswith("HTTP"):
            continue
        code: int | None = None
        for written in re.split(r",\s*", numbers.replace(" (as 100/33)", ", 100/33")):
            for number in _expanded(written, code):
                code = number[0]
                found[number] = policy
    return found


def _expanded(written: str, code: int | None) -> list[Number]:
    if both := re.fullmatch(r"(\d+) \(/(\d+)\)", written):
        return [(int(both[1]), None), (int(both[1]), int(both[2]))]
    first, _, second = written.partition("/")
    if second:
        return [(int(first), int(second))]
    # A long number behind "100/…" is another subcode of it; alone it is a code.
    return [(code, int(first)) if code is not None and int(first) > 1_000_000 else (int(first), None)]


def whatsapp(shared: Path) -> dict[Number, str]:
    """`7.4 Errors`: numbers, lists, ranges (131201-131215), short forms (2593107/8/9)."""
    found: dict[Number, str] = {}
    for numbers, policy in _rows(shared / "platforms" / "whatsapp.md", "### 7.4", "### 7.5"):
        for number in _numbers(re.sub(r"\([^)]*\)", "", numbers)):
            found[number, None] = policy
    return found


def _numbers(written: str) -> list[int]:
    found: list[int] = []
    for part in re.split(r"[,/]\s*|\s+/\s+", written):
        one, _, last = part.strip().partition("-")
        if last:
            found += range(int(one), int(last) + 1)
        elif one == "138xxx":
            found += range(138000, 138020)
        elif one:
            whole = (
                str(found[-1])[: -len(one)] + one
                if found and len(one) < 3 <= len(str(found[-1])) - 3
                else one
            )
            found.append(int(whole))
    return found


def _rows(path: Path, start: str, end: str) -> list[tuple[str, str]]:
    section = path.read_text(encoding="utf-8").partition(start)[2].partition(end)[0]
    rows = [(row["numbers"].strip(), row["policy"].strip()) for row in _ROW.finditer(section)]
    return [row for row in rows if not row[0].startswith("code")]
