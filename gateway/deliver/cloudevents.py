"""CloudEvents 1.0, JSON format, structured mode: the native event under `data`."""

from datetime import UTC, datetime
from urllib.parse import quote

from msgspec import Raw, Struct, json


class _Event(Struct):
    id: str
    event: str
    timestamp_ms: int
    platform: str = "gateway"
    page_id: str = ""
    conversation_id: str | None = None
    revision: int = 1


class _CloudEvent(Struct, omit_defaults=True):
    specversion: str
    id: str
    source: str
    type: str
    time: str
    datacontenttype: str
    data: Raw
    subject: str | None = None


_decoder = json.Decoder(_Event)


def cloudevent(body: bytes) -> bytes:
    """The cloud event of a native event. Its `id` is the `webhook-id`, its `source` platform and page."""
    event = _decoder.decode(body)
    return json.encode(
        _CloudEvent(
            specversion="1.0",
            id=event.id if event.revision == 1 else f"{event.id}_r{event.revision}",
            source=f"/{quote(event.platform)}/{quote(event.page_id, safe='')}",
            type=event.event,
            subject=event.conversation_id,
            time=_rfc3339(event.timestamp_ms),
            datacontenttype="application/json",
            data=Raw(body),
        )
    )


def _rfc3339(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
