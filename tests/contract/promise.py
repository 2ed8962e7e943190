"""What it means to keep a JSON Schema's promise to those who read by it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROMISE = Path(__file__).parent / "event-1.json"
_WORDS_ONLY = ("description", "title", "examples", "default")


def breaches(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Every way in which a reader of `old` could be surprised by a document of `new`."""
    found = list(_object_breaches("event", old, new))
    for name, schema in old["$defs"].items():
        found += _object_breaches(name, schema, new["$defs"].get(name, {}))
    return found


def _object_breaches(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for key in set(old.get("required", ())) - set(new.get("required", ())):
        yield f"{name}.{key} is no longer always there"
    for key, schema in old.get("properties", {}).items():
        now = new.get("properties", {}).get(key)
        if now is None:
            yield f"{name}.{key} is gone"
        elif _meaning(schema) != _meaning(now):
            yield f"{name}.{key} has another type"


def _meaning(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _meaning(item) for key, item in schema.items() if key not in _WORDS_ONLY}
    return [_meaning(item) for item in schema] if isinstance(schema, list) else schema
