"""Uploads: `POST /{phone_number_id}/media`, multipart. The id it gives is good for 30 days."""

from adapters._graph.edge import FACEBOOK, edge
from adapters.sending import Account, FilePart, Request, Unsendable, Upload
from adapters.whatsapp.send.request import PRODUCT


def upload(media: Upload, account: Account) -> Request:
    """The request; its answer has the media id. Raises Unsendable: WhatsApp fetches nothing to keep it."""
    if media.url is not None:
        raise Unsendable("unsupported", "url", "cannot be kept: send it as it is, or upload the bytes")
    return Request(
        method="POST",
        host=FACEBOOK,
        path=edge(account.page_id, "media"),
        form={**PRODUCT, "type": media.mime_type},
        file=FilePart(field="file", filename=media.filename, mime_type=media.mime_type),
    )
