"""Events to fill a store with, without a platform."""

import msgspec

from adapters.base import Decoded, Identity, Person
from adapters.event import Event, encode
from adapters.message import Attachment, Message
from adapters.parts import RawRef
from gateway.store.records import Arrival, Route

PAGE = "1001"
ELEMENT = b'{"sender":{"id":"7001"},"message":{"mid":"m_1","text":"caf\\u00e9"}}'
_HEAD = b'{"object":"page","entry":[{"id":"1001","messaging":['


def arrival(
    number: int = 1,
    page_id: str = PAGE,
    customer_ids: tuple[str, ...] = ("default",),
    endpoint_ids: tuple[str, ...] = (),
    received_at: int = 1_767_225_600_000,
) -> Arrival:
    """One text message; `number` tells it from the others."""
    event = Event(
        id=f"evt_{number:026d}",
        version="1",
        platform="facebook",
        event="message.received",
        timestamp=1_767_225_599,
        timestamp_ms=1_767_225_599_500,
        page_id=page_id,
        from_="7001",
        to=page_id,
        from_kind="psid",
        to_kind="page",
        direction="inbound",
        origin="contact",
        message=Message(id=f"m_{number}", type="text", body="café", attachments=()),
        signature_verified=True,
        raw=RawRef(sha256="0" * 64, pointer="/entry/0/messaging/0"),
    )
    person = Person(identities=(Identity("psid", "7001", page_id),))
    decoded = Decoded(
        event=event,
        envelope=_HEAD + ELEMENT + b"]}]}",
        element=(len(_HEAD), len(_HEAD) + len(ELEMENT)),
        person=person,
    )
    return Arrival(
        decoded=decoded,
        body=encode(event),
        received_at=received_at,
        customer_ids=customer_ids,
        routes=tuple(Route(endpoint_id=one, ordered=True) for one in endpoint_ids),
    )


def status(number: int, page_id: str = PAGE) -> Arrival:
    """The same as another kind of event."""
    made = arrival(number, page_id)
    event = msgspec.structs.replace(made.decoded.event, event="postback.received", message=None)
    decoded = msgspec.structs.replace(made.decoded, event=event)
    return msgspec.structs.replace(made, decoded=decoded, body=encode(event))


def on_whatsapp(
    waba_id: str, page_id: str, number: int = 1, customer_ids: tuple[str, ...] = ("default",)
) -> Arrival:
    """The same from somebody on WhatsApp."""
    made = arrival(number, page_id, customer_ids)
    event = msgspec.structs.replace(
        made.decoded.event, id=f"evt_wa{number:024d}", platform="whatsapp", waba_id=waba_id, from_kind="wa_id"
    )
    person = Person(identities=(Identity("wa_id", "436609990001", waba_id),))
    decoded = msgspec.structs.replace(made.decoded, event=event, person=person)
    return msgspec.structs.replace(made, decoded=decoded, body=encode(event))


def with_attachment(made: Arrival, attachment: Attachment) -> Arrival:
    """The same message with one attachment."""
    event = made.decoded.event
    assert event.message is not None
    message = msgspec.structs.replace(event.message, attachments=(attachment,))
    event = msgspec.structs.replace(event, message=message)
    decoded = msgspec.structs.replace(made.decoded, event=event)
    return msgspec.structs.replace(made, decoded=decoded, body=encode(event))
