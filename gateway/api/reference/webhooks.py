"""What the gateway sends to an endpoint, for the `webhooks` section of the reference."""

from typing import Any

from adapters.names import EVENTS

Schema = dict[str, Any]

HEADERS: dict[str, Schema] = {
    "webhook-id": {
        "name": "webhook-id",
        "in": "header",
        "required": True,
        "description": "The id of the event (`<id>_r<n>` from revision 2 on), the same on every attempt. "
        "Remember it: what comes twice has happened once.",
        "schema": {"type": "string"},
    },
    "webhook-timestamp": {
        "name": "webhook-timestamp",
        "in": "header",
        "required": True,
        "description": "Unix seconds of this attempt. Refuse what is more than five minutes off.",
        "schema": {"type": "string"},
    },
    "webhook-signature": {
        "name": "webhook-signature",
        "in": "header",
        "required": True,
        "description": "Space-separated signatures, `v1,<base64>` each: HMAC-SHA256 of "
        "`<webhook-id>.<webhook-timestamp>.<body>` under the endpoint's secret, one for each live secret; "
        "`v1a,<base64>` too where the endpoint has an ed25519 key (Standard Webhooks 1.0.0). "
        "One that fits is enough.",
        "schema": {"type": "string"},
    },
    "webhook-replay": {
        "name": "webhook-replay",
        "in": "header",
        "required": False,
        "description": "Present if it was asked for, by a replay or a redelivery. Not signed.",
        "schema": {"const": "true"},
    },
}

ANSWERS = {
    "taken": {"description": "Taken. Anything else, a redirect too, is a failed attempt and is retried."},
    "gone": {"description": "The endpoint is gone: it is disabled."},
    "slower": {"description": "Too fast: the next attempt waits for `Retry-After`."},
}
_RESPONSES = {
    status: {"$ref": f"#/components/responses/{name}"}
    for status, name in (("2XX", "taken"), ("410", "gone"), ("429", "slower"))
}


def webhooks() -> dict[str, Schema]:
    """Every event by its name; all have one schema."""
    return {name: {"post": _delivery(name, sentence)} for name, sentence in EVENTS.items()}


def _delivery(name: str, sentence: str) -> Schema:
    named = {"type": "object", "properties": {"event": {"const": name}}}
    return {
        "operationId": name,
        "tags": ["deliveries"],
        "summary": sentence.removesuffix("."),
        "security": [],
        "parameters": [{"$ref": f"#/components/parameters/{header}"} for header in HEADERS],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/Event"}, named]}}
            },
        },
        "responses": _RESPONSES,
    }
