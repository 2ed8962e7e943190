"""Templates in a send: does it exist, and does it get as many values as it takes?"""

from typing import Any

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.numbers import Template, Waba


def find(call: Call, waba: Waba, given: dict[str, Any]) -> Template:
    """The approved template that a send names. Raises GraphError."""
    name, language = str(given["name"]), str(given["language"]["code"])
    template = call.meta.templates.get((waba.id, name, language))
    if template is None:
        raise errors.whatsapp(132001, f"template name ({name}) does not exist in {language}")
    if template.status == "PAUSED":
        raise errors.whatsapp(132015)
    if template.status != "APPROVED":
        raise errors.whatsapp(132016)
    _values(given.get("components", []), template)
    return template


def _values(components: list[dict[str, Any]], template: Template) -> None:
    _count("body", _parameters(components, "body"), template.parameters)
    header = _parameters(components, "header")
    _count("header", header, 1 if template.header else 0)
    if header and header[0].get("type") != template.header:
        raise errors.whatsapp(132012, f"header: expected {template.header}")


def _parameters(components: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [
        value
        for component in components
        if str(component.get("type")).lower() == kind
        for value in component.get("parameters", [])
    ]


def _count(part: str, values: list[dict[str, Any]], expected: int) -> None:
    if len(values) != expected:
        details = f"{part}: number of localizable_params ({len(values)}) does not match the expected number"
        raise errors.whatsapp(132000, f"{details} of params ({expected})")


def buttons(template: Template | None, body: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The quick replies on the person's screen, each with the payload that a tap reports."""
    if template is None or not template.buttons:
        return {}
    payloads = {title: title for title in template.buttons}
    for component in body["template"].get("components", []):
        if component.get("type") == "button" and component.get("sub_type") == "quick_reply":
            title = template.buttons[int(component.get("index", 0))]
            payloads[title] = component["parameters"][0].get("payload", title)
    return {"template_buttons": payloads}
