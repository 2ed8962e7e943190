"""Turn a raw webhook body into events, one JSON line each, without a server or a store.

Reads FILE, or stdin where FILE is `-` or absent. Events go to stdout. An element that cannot be read
is one line {"quarantined": reason, "pointer": where} on stderr, and the exit code stays 0. A body
that is not JSON at all: one sentence on stderr, exit code 2. An `object` that no platform has is read as
Messenger's, as it would be at /webhooks/facebook.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from adapters import ADAPTERS, dialects, facebook
from adapters._identifiers import conversation_id
from adapters.base import Decoded, Inbound, Quarantined
from adapters.event import Placement, encode, place
from gateway.store.placement import may_have_conversation, opening_identity


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway normalize` takes."""
    parser.add_argument(
        "--platform", choices=sorted(ADAPTERS), help="whose dialect; default: `object` decides"
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a raw body; - is stdin")


def run(parsed: argparse.Namespace) -> int:
    """Print the events."""
    try:
        body = sys.stdin.buffer.read() if parsed.file == "-" else Path(parsed.file).read_bytes()
    except OSError as error:
        print(f"gateway normalize: {parsed.file}: {error.strerror}", file=sys.stderr)
        return 2
    inbound = Inbound(body)
    adapter = ADAPTERS[parsed.platform] if parsed.platform else None
    elements = adapter.decode(inbound) if adapter else dialects.decode(inbound, facebook)
    if any(isinstance(one, Quarantined) and one.reason == "not_json" for one in elements):
        print(f"gateway normalize: {parsed.file} is not JSON.", file=sys.stderr)
        return 2
    _print(elements)
    return 0


def _print(elements: Sequence[Decoded | Quarantined]) -> None:
    for element in elements:
        if isinstance(element, Decoded):
            sys.stdout.buffer.write(line_of(element) + b"\n")
        else:
            report = {"quarantined": element.reason, "pointer": element.pointer}
            sys.stderr.write(msgspec.json.encode(report).decode() + "\n")
    sys.stdout.buffer.flush()


def line_of(decoded: Decoded) -> bytes:
    """The event as far as this body alone tells it: unverified, no sequence, no contact, no window."""
    event = msgspec.structs.replace(decoded.event, signature_verified=False)
    line = place(encode(event), Placement(conversation_id=_conversation_id(decoded)))
    # An inlined element keeps its own line breaks, and here a line is an event.
    return msgspec.json.format(line, indent=-1) if b"\n" in line else line


def _conversation_id(decoded: Decoded) -> str | None:
    event = decoded.event
    somebody = decoded.thread is not None or (decoded.person is not None and decoded.person.identities)
    if not somebody or not may_have_conversation(decoded):
        return None
    return conversation_id(event.platform, event.page_id, *opening_identity(decoded))
