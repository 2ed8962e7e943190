"""Writes openapi.yaml and the page at /docs anew: `python -m tests.api.regenerate`."""

from pathlib import Path
from typing import Any

import yaml

from gateway.api.docs import PAGE
from gateway.api.reference.document import openapi
from gateway.api.reference.page import page
from gateway.api.routes import OPERATIONS
from tests.api.reference import FILE

_HEAD = "# Made from the code by `python -m tests.api.regenerate`. Change gateway/api/ instead.\n"


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, and no aliases: what comes twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def files() -> dict[Path, str]:
    """Path → what the code says must be in it."""
    document = openapi(OPERATIONS)
    text = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return {FILE: _HEAD + text, PAGE: page(document)}


if __name__ == "__main__":
    for path, content in files().items():
        path.write_text(content, encoding="utf-8")
