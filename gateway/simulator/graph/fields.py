"""Graph's `fields` parameter: `id,messages{id,message}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(r"[\w.]+(?:\([^)]*\))?|[{},]")

Fields = dict[str, "Fields"]
"""Each field with the fields that are wanted of it."""


def parse(text: str) -> Fields:
    """The fields of a parameter; modifiers such as `.limit(5)` are dropped."""
    return _level(iter(_WORD.findall(text)))


def _level(words: Iterator[str]) -> Fields:
    fields: Fields = {}
    last = ""
    for word in words:
        if word == "{":
            fields[last] = _level(words)
        elif word == "}":
            break
        elif word != ",":
            last = word.partition(".")[0].partition("(")[0]
            fields[last] = {}
    return fields
