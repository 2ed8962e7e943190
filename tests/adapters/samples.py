"""The raw envelopes that ship with each platform, and the golden events beside them."""

import json
from pathlib import Path
from typing import Any

from adapters import ADAPTERS
from adapters.base import Inbound, Quarantined
from adapters.event import encode

ADAPTERS_FOLDER = Path(__file__).resolve().parents[2] / "adapters"


def samples() -> list[Path]:
    """Every raw envelope, of every platform."""
    found = sorted(ADAPTERS_FOLDER.glob("*/samples/*.json"))
    return [path for path in found if not path.name.endswith(".golden.json")]


def platform(sample: Path) -> str:
    """Whose sample it is."""
    return sample.parent.parent.name


def golden(sample: Path) -> Path:
    """Where the events of a sample stand."""
    return sample.with_suffix(".golden.json")


def events(sample: Path) -> list[Any]:
    """What the adapter makes of a sample today; a quarantined part as the command line shows it."""
    decoded = ADAPTERS[platform(sample)].decode(Inbound(sample.read_bytes()))
    return [
        {"quarantined": element.reason, "pointer": element.pointer}
        if isinstance(element, Quarantined)
        else json.loads(encode(element.event))
        for element in decoded
    ]
