"""`message_deliveries` and `message_reads`: how far what the business wrote has come."""

from gateway.simulator.webhooks.element import Element, family, item
from gateway.simulator.webhooks.scene import Scene


def delivery(scene: Scene) -> Element:
    """Everything up to the watermark is on the device; Meta's item has no timestamp."""
    receipt = {"mids": [scene.about()], "watermark": scene.now_ms}
    made = item(scene, "message_deliveries", delivery=receipt)
    del made.body["timestamp"]
    return made


def read(scene: Scene) -> Element:
    """Everything up to the watermark was seen."""
    return item(scene, "message_reads", read={"watermark": scene.now_ms})


KINDS = family("delivery", delivery=delivery) | family("read", read=read)
