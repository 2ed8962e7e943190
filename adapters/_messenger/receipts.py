"""What became of the business's messages. Meta, "message_deliveries", "message_reads", "messaging_seen"."""

from adapters._messenger import wire
from adapters._messenger.fact import Fact
from adapters._values import milliseconds
from adapters.parts import Status


def delivery(item: wire.Item, told: wire.Delivery) -> Fact:
    """Delivered: the messages named, and everything up to the watermark."""
    mids = tuple([mid for mid in told.mids or () if mid])
    watermark = milliseconds(told.watermark)
    status = Status(
        state="delivered", message_ids=mids, original_state="delivery", rank=2, watermark_ms=watermark
    )
    return _receipt(item, "delivery", status)


def read(item: wire.Item, told: wire.Read) -> Fact:
    """Read: everything up to the watermark (Messenger), or this one message (Instagram)."""
    mids = (told.mid,) if told.mid else ()
    watermark = milliseconds(told.watermark)
    status = Status(state="read", message_ids=mids, original_state="read", rank=3, watermark_ms=watermark)
    return _receipt(item, "read", status)


def _receipt(item: wire.Item, kind: str, status: Status) -> Fact:
    reader = item.sender.id if item.sender else None
    ids: tuple[str, ...] = ()
    if reader and (status.watermark_ms or status.message_ids):
        ids = (reader, str(status.watermark_ms or ""), *status.message_ids)
    return Fact(
        event="status.update",
        kind=kind,
        parts={"status": status},
        ids=ids,
        origin="platform",
        at=status.watermark_ms,
    )
