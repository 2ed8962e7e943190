"""The reference as one page of HTML: no script, nothing from elsewhere, readable without a network."""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from gateway.api.problems import ProblemKind

Document = dict[str, Any]

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --quiet: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; }
code, pre { font: 0.875em/1.45 ui-monospace, monospace; background: var(--quiet); border-radius: 4px; }
code { padding: 0 0.25em; overflow-wrap: anywhere; }
pre { padding: 0.75rem; overflow-x: auto; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0; padding: 0.5rem 0.75rem; }
summary { cursor: pointer; }
.method { display: inline-block; min-width: 4.5em; font-weight: 700; }
table { border-collapse: collapse; width: 100%; }
td, th { border-top: 1px solid var(--line); padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
nav a { margin-right: 1em; }
"""


def page(document: Document) -> str:
    """The whole page."""
    title = escape(document["info"]["title"])
    body = "\n".join(
        [
            f"<h1>{title}</h1>",
            _paragraphs(document["info"]["description"]),
            _navigation(document),
            *(_section(tag, document) for tag in document["tags"]),
            _events(document),
            _problems(),
            *_objects(document),
        ]
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _prose(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_prose(part)}</p>" for part in text.strip().split("\n\n"))


def _navigation(document: Document) -> str:
    links = [(f"tag-{tag['name']}", tag["name"]) for tag in document["tags"]]
    links += [("webhooks", "delivered events"), ("problems", "problems"), ("objects", "objects")]
    anchors = "".join(f'<a href="#{target}">{name}</a>' for target, name in links)
    return f'<nav>{anchors}<a href="/openapi.yaml">openapi.yaml</a></nav>'


def _section(tag: Document, document: Document) -> str:
    operations = [
        _operation(method.upper(), path, operation, document)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if tag["name"] in operation["tags"]
    ]
    head = f'<h2 id="tag-{tag["name"]}">{tag["name"]}</h2><p>{_prose(tag["description"])}</p>'
    return head + "".join(operations)


def _operation(method: str, path: str, operation: Document, document: Document) -> str:
    parts = [
        f'<details id="{operation["operationId"]}"><summary><span class="method">{method}</span>'
        f"<code>{escape(path)}</code> {_prose(operation['summary'])}</summary>",
        f"<p>{_prose(operation.get('description', ''))} {_access(operation)}</p>",
        _table([_parameter(one, document) for one in operation.get("parameters", [])]),
        _body(operation.get("requestBody")),
        _table([_response(status, one, document) for status, one in operation["responses"].items()]),
        "</details>",
    ]
    return "\n".join(parts)


def _access(operation: Document) -> str:
    schemes = [name for choice in operation["security"] for name in choice]
    if not schemes:
        return "No key needed."
    return "The operator's key only." if schemes == ["operatorKey"] else "A customer's or the operator's key."


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td>{first}</td><td>{second}</td></tr>" for first, second in rows)
    return f"<table>{cells}</table>" if rows else ""


def _parameter(parameter: Document, document: Document) -> tuple[str, str]:
    shown = _resolved(parameter, document)
    name = f"<code>{shown['name']}</code> in {shown['in']}"
    return name, f"{_type(shown['schema'])} {_prose(shown.get('description', ''))}"


def _body(body: Document | None) -> str:
    if body is None:
        return ""
    (content,) = body["content"].values()
    return f"<p>Body: {_type(content['schema'])}</p>"


def _response(status: str, response: Document, document: Document) -> tuple[str, str]:
    shown = _resolved(response, document)
    content = next(iter(shown.get("content", {"": {}}).values()))
    form = _type(content["schema"]) if "schema" in content else ""
    return f"<code>{status}</code>", f"{_prose(shown['description'])} {form}"


def _resolved(value: Document, document: Document) -> Document:
    if "$ref" not in value:
        return value
    found: Any = document
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _type(schema: Document) -> str:
    """A schema in a few words; objects link to their own place on the page."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#object-{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return " ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("type", "any")))


def _events(document: Document) -> str:
    rows = [
        (f"<code>{name}</code>", _prose(item["post"]["summary"] + "."))
        for name, item in document["webhooks"].items()
    ]
    headers = [
        (f"<code>{one['name']}</code>", _prose(one["description"]))
        for one in document["components"]["parameters"].values()
        if one["in"] == "header" and one["name"].startswith("webhook-")
    ]
    intro = f"<p>Each is sent as {_type({'$ref': '/Event'})}, with these headers:</p>"
    return f'<h2 id="webhooks">Delivered events</h2>{intro}{_table(headers)}{_table(rows)}'


def _problems() -> str:
    rows = [
        (f'<code id="{kind.value}">{kind.value}</code>', f"{kind.status}. {_prose(kind.title)}")
        for kind in ProblemKind
    ]
    return f'<h2 id="problems">Problems</h2>{_table(rows)}'


def _objects(document: Document) -> Iterator[str]:
    yield '<h2 id="objects">Objects</h2>'
    for name, schema in document["components"]["schemas"].items():
        rows = [
            (f"<code>{key}</code>", f"{_type(member)} {_prose(member.get('description', ''))}")
            for key, member in schema.get("properties", {}).items()
        ]
        yield f'<h3 id="object-{name}">{name}</h3><p>{_prose(schema.get("description", ""))}</p>'
        yield _table(rows)
        for example in schema.get("examples", []):
            shown = escape(json.dumps(example, indent=2, ensure_ascii=False), quote=False)
            yield f"<details><summary>Example</summary><pre>{shown}</pre></details>"
