"""docs/sending.md, made from what the code does: the forms, and what every channel makes of each example."""

import json
from collections.abc import Iterator
from typing import Any, get_args

from adapters import ADAPTERS
from adapters.outgoing import OutgoingMessage, Recipient
from adapters.sending import SendCode
from gateway.api.schema import components
from tests.adapters.sends import SHARED, outcome, read
from tests.docs.catalogue import CHANNELS, member_table

HEAD = """# Sending

Made from the code by `python -m tests.docs.regenerate`; a test fails when it is out of date.

One shape of message for all channels. What a channel cannot show is shown in another way, and the answer says
so in `warnings`; where there is no faithful way, the message is refused with the field that is at fault, and
nothing is sent. Nothing is ever dropped in silence.
"""
ABOUT_CHANNELS = """
## What each channel makes of it

"yes": as it is. A sentence: another way, with that warning. "refused": nothing is sent. Lengths and counts
are in the tables below; what is longer is refused, never cut.
"""
ABOUT_HALVES = """
## When only a part of it went out

"2 requests" are two messages on the person's phone, sent one after the other. If a later one is refused, the
message has failed, and what went before stays where it is: `message.send_failed` names it in
`outgoing.message_ids`, out of `outgoing.parts`, and so does `GET /v1/messages/{id}`. Do not send such a
message again as it was, or the person gets the first part twice: send what is missing, such as the caption
as a `text`.

## Numbers and ids

A telephone number has its country code and at most 15 digits (E.164). A 0 in brackets, as in
`+49 (0) 30 …`, is refused: whether it is dialled depends on the country. A person's id on Messenger or
Instagram that is known under one of your pages goes out through that page only; elsewhere it is refused as
`account_mismatch`.

## Replies in answers

A `{"reply": …}` that cannot be read (cut off, no UTF-8, nested too deep, longer than 16 KiB) is told as
`message.send_failed` with the code `invalid`; an answer that claims to be JSON, is not, and says nothing of a
reply is a line in the log.
"""
ABOUT_ERRORS = """
## Why a message was not sent

| code | meaning |
|---|---|"""
MEANINGS = {
    "psid_invalid": "The recipient's id is not one that this account can write to.",
    "blocked_by_user": "The person has blocked the account, or the account the person.",
    "opted_out": "The person has stopped this kind of message.",
    "outside_window": "The person last wrote too long ago.",
    "account_mismatch": "The recipient's id belongs to another platform or another account.",
    "rate_limited": "Too many messages at once.",
    "token_expired": "The account's access token is no longer good.",
    "permission": "The app or the account lacks a permission.",
    "unsupported": "The channel has no such thing.",
    "policy": "The platform's rules forbid it.",
    "invalid": "The message is not as the channel wants it.",
    "temporary": "A failure that passes.",
    "unknown": "The platform's answer says nothing, or nothing we know.",
}


def page() -> str:
    """The whole page."""
    references, schemas = components([*get_args(OutgoingMessage), Recipient])
    names = [reference["$ref"].rpartition("/")[2] for reference in references]
    parts = [HEAD, ABOUT_CHANNELS, *_channels(), ABOUT_HALVES, *_errors(), "\n## Messages\n"]
    for name in _with_parts(names, schemas):
        parts += _section(name, schemas[name])
    return "\n".join(parts) + "\n"


def _channels() -> Iterator[str]:
    yield f"| message | {' | '.join(CHANNELS.values())} |"
    yield "|---|---|---|---|"
    for path in sorted(SHARED.glob("*.json")):
        kind, _, case = path.stem.partition("__")
        cells = [_cell(outcome(platform, read(path, platform))) for platform in ADAPTERS]
        yield f"| `{kind}`, {case.replace('_', ' ')} | {' | '.join(cells)} |"


def _cell(made: dict[str, Any]) -> str:
    if "refused" in made:
        return f"refused: `{made['field']}` {made['detail']}".replace("|", "\\|")
    several = len(made["requests"])
    parts = ["yes"] if not made["warnings"] else [each["detail"] for each in made["warnings"]]
    return " ".join(parts) + (f" ({several} requests)" if several > 1 else "")


def _errors() -> Iterator[str]:
    yield ABOUT_ERRORS
    for code in get_args(SendCode):
        yield f"| `{code}` | {MEANINGS[code]} |"


def _with_parts(names: list[str], schemas: dict[str, Any]) -> list[str]:
    """The names, and those of all objects inside, each once."""
    found = list(names)
    for name in found:
        text = json.dumps(schemas[name])
        found += [other for other in schemas if f'/{other}"' in text and other not in found]
    return found


def _section(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"\n### {name}\n\n{schema.get('description', '')}\n"
    yield from member_table(schema)
    kind = schema["properties"].get("type", {}).get("enum", [""])[0]
    example = next(iter(sorted(SHARED.glob(f"{kind}__*.json"))), None) if name.endswith("Message") else None
    if example is not None:
        message = json.loads(example.read_bytes())["message"]
        yield f"\n```json\n{json.dumps(message, indent=2, ensure_ascii=False)}\n```"
