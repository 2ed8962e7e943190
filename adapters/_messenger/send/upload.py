"""Uploads: `POST /{page}/message_attachments`, by URL or with the bytes as `filedata`."""

from json import dumps

from adapters._graph.edge import edge
from adapters._messenger.send.accent import Accent
from adapters._messenger.send.route import host, node
from adapters._rendering import Body
from adapters.sending import Account, FilePart, Request, Upload


def upload(media: Upload, account: Account, accent: Accent) -> Request:
    """The request; its answer has the attachment id."""
    whose: Body = {"platform": accent.upload_platform} if accent.upload_platform else {}
    kind = "image" if media.type == "sticker" else media.type
    payload: Body = {"is_reusable": True} | ({"url": media.url} if media.url else {})
    message: Body = {"attachment": {"type": kind, "payload": payload}}
    where = host(account, accent)
    path = edge(node(account, accent), "message_attachments")
    if media.url is not None:
        return Request(method="POST", host=where, path=path, json={**whose, "message": message})
    file = FilePart(field="filedata", filename=media.filename, mime_type=media.mime_type)
    form = {**whose, "message": dumps(message)}
    return Request(method="POST", host=where, path=path, form=form, file=file)
