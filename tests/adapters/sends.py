"""Outgoing messages as examples, and the requests that every platform makes of them.

`adapters/outgoing/messages` are for all platforms, `adapters/<platform>/sends` for one; the golden requests
of both stand in the latter.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from adapters import ADAPTERS
from adapters.outgoing import Outgoing
from adapters.sending import Account, Unsendable
from tests.adapters.samples import ADAPTERS_FOLDER

SHARED = ADAPTERS_FOLDER / "outgoing" / "messages"
TAG = "out_1"
PERSONS = {
    "facebook": {"kind": "psid", "value": "6001"},
    "instagram": {"kind": "igsid", "value": "7001"},
    "whatsapp": {"kind": "wa_id", "value": "4915112345678"},
}
ACCOUNTS = {
    "facebook": Account(page_id="1001"),
    "instagram": Account(page_id="17840000000000001", linked_page_id="1001"),
    "whatsapp": Account(page_id="106000000000001", waba_id="102000000000001"),
}


def sends(platform: str) -> Iterator[tuple[str, Outgoing]]:
    """Every example for a platform, by name."""
    own = ADAPTERS_FOLDER / platform / "sends"
    for path in (*sorted(SHARED.glob("*.json")), *sorted(own.glob("*.json"))):
        if not path.name.endswith(".golden.json"):
            yield path.stem, read(path, platform)


def read(path: Path, platform: str) -> Outgoing:
    """One example, addressed to a person of the platform if it says nothing else."""
    form = {"to": PERSONS[platform], "tag": TAG, **json.loads(path.read_bytes())}
    return msgspec.convert(form, Outgoing)


def golden(platform: str, name: str) -> Path:
    """Where the requests of an example stand."""
    return ADAPTERS_FOLDER / platform / "sends" / f"{name}.golden.json"


def outcome(platform: str, outgoing: Outgoing) -> Any:
    """The requests and warnings, or the refusal."""
    try:
        prepared = ADAPTERS[platform].request(outgoing, ACCOUNTS[platform])
    except Unsendable as refusal:
        return {"refused": refusal.code, "field": refusal.field, "detail": refusal.detail}
    return json.loads(msgspec.json.encode(prepared))
