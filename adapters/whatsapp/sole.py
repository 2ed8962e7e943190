"""The usual webhook: one message or one status in an envelope of its own, decoded in one pass.

Everything else goes through `entry`, member by member; both ways give the same event. The body is then
the element's envelope as it is.
"""

import msgspec

from adapters.whatsapp import wire
from adapters.whatsapp.element import Element
from adapters.whatsapp.frame import Frame, Source
from adapters.whatsapp.person import Address, Contacts, contact

_decode = msgspec.json.Decoder(wire.Envelope).decode


def element(body: bytes, sha256: str) -> Element | None:
    """The one element of the body; None where the body is not of the usual kind."""
    try:
        if not body.isascii():
            body.decode()
        envelope = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if len(envelope.entry) != 1 or len(envelope.entry[0].changes) != 1:
        return None
    entry = envelope.entry[0]
    value = entry.changes[0].value
    if len(value.messages) + len(value.statuses) != 1 or len(value.contacts) > 1:
        return None
    key, raw = ("messages", value.messages[0]) if value.messages else ("statuses", value.statuses[0])
    pointer = f"/entry/0/changes/0/value/{key}/0"
    return Element(_frame(entry, value, sha256), f"value.{key}", bytes(raw), pointer, envelope=body)


def _frame(entry: wire.Entry, value: wire.Value, sha256: str) -> Frame:
    source = Source(sha256, entry.id or None, entry.time)
    number = value.metadata.phone_number_id
    return Frame(
        source=source,
        field="messages",
        page_id=number or source.id or "0",
        page=Address(number, "phone_number_id") if number else None,
        waba_id=source.waba_id,
        contacts=Contacts(only=contact(value.contacts[0])) if value.contacts else _NO_CONTACTS,
    )


_NO_CONTACTS = Contacts()
