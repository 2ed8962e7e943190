"""Writes plain JSON values as YAML that a person likes to read: block style, quotes only where needed.

Text must be printable. In double quotes it is a JSON string, which YAML 1.2 takes as it is (§1.3, §7.3.1).
"""

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

_WIDTH = 96
_PLAIN = re.compile(r"[A-Za-z_$/][A-Za-z0-9_$/.{}()+-]*( [A-Za-z0-9_$/.,;()+-]+)*")
_NOT_TEXT = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
"""What a YAML 1.1 reader would take for something else than a string."""
_LINE = re.compile(r"\S[^\t\ufeff]*(?<!\s)")


def render(value: Any) -> str:
    """The value as a YAML document."""
    return "\n".join(_block(value, "")) + "\n"


def _block(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _entry(f"{indent}{_scalar(str(key))}:", item, indent + "  ")
        return
    for item in value:
        if isinstance(item, dict | list | tuple) and item:
            first, *rest = _block(item, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest
        else:
            yield from _entry(f"{indent}-", item, indent + "  ")


def _entry(head: str, item: Any, indent: str) -> Iterator[str]:
    if isinstance(item, dict | list | tuple) and item:
        yield head
        yield from _block(item, indent)
    elif isinstance(item, str) and len(item) > _WIDTH and " ".join(_folded(item)) == item:
        yield f"{head} >-"
        yield from (indent + line for line in _folded(item))
    elif isinstance(item, str) and _is_literal(item):
        yield f"{head} |"
        yield from (indent + line if line else "" for line in item.splitlines())
    else:
        yield f"{head} {_scalar(item)}"


def _folded(text: str) -> list[str]:
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return lines if all(_LINE.fullmatch(line) for line in lines) else []


def _is_literal(text: str) -> bool:
    first, *rest = text.split("\n")
    return (
        bool(rest)
        and rest[-1] == ""
        and all(_LINE.fullmatch(line) for line in (first, *rest[-2:-1]))
        and all(line == "" or _LINE.fullmatch(line) for line in rest)
    )


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return json.dumps(value, ensure_ascii=False)
