"""`POST /{page}/message_attachments`: a file that is sent by id, as often as one likes."""

from typing import Any

from gateway.simulator.graph import content_messenger, errors
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.nodes import Node
from gateway.simulator.media import PIXEL, UPLOADED_LIFE_MS

LARGEST = 25 * 1024 * 1024


async def upload(call: Call, node: Node) -> dict[str, Any]:
    """By URL, or as `filedata`."""
    call.needs("pages_messaging", "instagram_business_manage_messages")
    message = call.required("message")
    attachment = message.get("attachment", {}) if isinstance(message, dict) else {}
    kind, payload = attachment.get("type"), attachment.get("payload", {})
    if kind not in content_messenger.FILES:
        raise errors.messenger(100, 2018047)
    content = call.files[0].content if call.files else PIXEL
    if len(content) > LARGEST:
        raise errors.messenger(100, message="The attachment is larger than 25 MB.")
    if not call.files and not str(payload.get("url", "")).startswith(("http://", "https://")):
        raise errors.messenger(100, message="Param payload[url] should represent a valid URL")
    kept = call.meta.shelf.keep(node.id, content, kind, call.now_ms + UPLOADED_LIFE_MS)
    return {"attachment_id": kept.id}
