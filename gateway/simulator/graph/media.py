"""`/{phone_number_id}/media` and `/{media_id}`; the bytes come from another address and need the token too.

Meta, "WhatsApp Cloud API: Media". An address lives for five minutes; 404 means: ask the id again.
"""

from typing import Any

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.nodes import Node
from gateway.simulator.media import UPLOADED_LIFE_MS, WHATSAPP_TYPES, Medium, kind_of


async def upload(call: Call, node: Node) -> dict[str, Any]:
    """A file of a number: `messaging_product`, `file`, `type`."""
    call.needs("whatsapp_business_messaging")
    if call.text("messaging_product") != "whatsapp":
        raise errors.whatsapp(100, "The parameter messaging_product is required.")
    if not call.files:
        raise errors.whatsapp(100, "The parameter file is required.")
    file = call.files[0]
    mime_type = call.text("type") or file.content_type
    kind = kind_of(mime_type)
    if kind is None:
        raise errors.whatsapp(100, f"Param file must not be of type {mime_type}.")
    if len(file.content) > WHATSAPP_TYPES[kind][1]:
        raise errors.whatsapp(131053, f"A file for {kind} must not be larger.")
    until = call.now_ms + UPLOADED_LIFE_MS
    return {"id": call.meta.shelf.keep(node.id, file.content, mime_type, until).id}


async def show(call: Call, node: Node) -> dict[str, Any]:
    """Where the file can be fetched for the next five minutes."""
    medium: Medium = node.object
    asked = call.text("phone_number_id")
    if asked and asked != medium.asset:
        raise errors.unknown_object(call.method, node.id)
    return {
        "messaging_product": "whatsapp",
        "url": call.meta.shelf.address(medium, call.base_url, call.now_ms),
        "mime_type": medium.mime_type,
        "sha256": medium.sha256,
        "file_size": len(medium.content),
        "id": medium.id,
    }


async def remove(call: Call, node: Node) -> dict[str, Any]:
    """The file is gone at once."""
    call.needs("whatsapp_business_messaging")
    call.meta.shelf.remove(node.id)
    return {"success": True}
