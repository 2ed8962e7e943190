"""docs/events.md, made from what the code does: the names, the schema, and the golden events."""

import json
from collections.abc import Iterator
from typing import Any

from adapters.names import EVENTS
from gateway.api.schema import event_schema
from gateway.samples import examples

HEAD = """# Events

Made from the code by `python -m tests.docs.regenerate`; a test fails when it is out of date.

Every event is one JSON object with the keys below. A key that does not apply is absent, never null. All ids
are strings. A version only ever grows: ignore keys that you do not know. What the store adds
(`conversation_id`, `sequence`, `received_at_ms`, `contact`, `window`) is left out of the examples.
"""
CHANNELS = {"facebook": "Messenger", "instagram": "Instagram", "whatsapp": "WhatsApp"}


def page() -> str:
    """The whole page."""
    shown = examples()
    parts = [HEAD, *_keys(), "\n## Names\n", *_index(shown)]
    for name in EVENTS:
        parts += _section(name, shown)
    return "\n".join(parts) + "\n"


def _keys() -> Iterator[str]:
    schema = event_schema()
    always = set(schema["required"])
    yield "| key | type | always | meaning |"
    yield "|---|---|---|---|"
    for key, member in schema["properties"].items():
        meaning = member.get("description", "").replace("|", "\\|")
        yield f"| `{key}` | {type_name(member)} | {'yes' if key in always else ''} | {meaning} |"
    for name, part in sorted(schema["$defs"].items()):
        yield f"\n### {name}\n\n{part.get('description', '')}\n"
        yield from member_table(part)


def member_table(part: dict[str, Any]) -> Iterator[str]:
    """The members of an object, each with its type and its sentence."""
    yield "| key | type | meaning |"
    yield "|---|---|---|"
    for key, member in part.get("properties", {}).items():
        meaning = member.get("description", "").replace("|", "\\|")
        yield f"| `{key}` | {type_name(member)} | {meaning} |"


def type_name(member: dict[str, Any]) -> str:
    """The type as a reader calls it."""
    if "$ref" in member:
        name = member["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in member:
        return " or ".join(map(type_name, member["anyOf"]))
    if "enum" in member:
        return " · ".join(f"`{value}`" for value in member["enum"])
    if member.get("type") == "array":
        return f"list of {type_name(member.get('items', {}))}"
    return str(member.get("type", "any"))


def _index(shown: dict[tuple[str, str], dict[str, Any]]) -> Iterator[str]:
    yield f"| event | {' | '.join(CHANNELS.values())} | what happened |"
    yield "|---|---|---|---|---|"
    for name, sentence in EVENTS.items():
        marks = " | ".join("yes" if (name, channel) in shown else "" for channel in CHANNELS)
        yield f"| [`{name}`](#{name.replace('.', '')}) | {marks} | {sentence} |"


def _section(name: str, shown: dict[tuple[str, str], dict[str, Any]]) -> Iterator[str]:
    yield f"\n## {name}\n\n{EVENTS[name]}"
    for channel, title in CHANNELS.items():
        if (name, channel) in shown:
            example = json.dumps(shown[name, channel], indent=2, ensure_ascii=False)
            yield f"\n{title}:\n\n```json\n{example}\n```"
    if not any((name, channel) in shown for channel in CHANNELS):
        yield "\nBorn in the gateway, not on a channel."
