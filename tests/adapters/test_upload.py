"""Uploads: as bytes, or by a URL where the platform fetches it."""

import json

import pytest

from adapters import ADAPTERS
from adapters.sending import Account, FilePart, Unsendable, Upload
from tests.adapters.sends import ACCOUNTS

BYTES = Upload(type="image", filename="lamp.jpg", mime_type="image/jpeg")
LINK = Upload(type="video", filename="", mime_type="", url="https://example.com/tour.mp4")


def test_whatsapp_takes_bytes() -> None:
    request = ADAPTERS["whatsapp"].upload(BYTES, ACCOUNTS["whatsapp"])
    assert request.path == "/106000000000001/media"
    assert request.form == {"messaging_product": "whatsapp", "type": "image/jpeg"}
    assert request.file == FilePart(field="file", filename="lamp.jpg", mime_type="image/jpeg")
    with pytest.raises(Unsendable):
        ADAPTERS["whatsapp"].upload(LINK, ACCOUNTS["whatsapp"])


def test_messenger_takes_bytes_and_urls() -> None:
    sent = ADAPTERS["facebook"].upload(BYTES, ACCOUNTS["facebook"])
    assert sent.file == FilePart(field="filedata", filename="lamp.jpg", mime_type="image/jpeg")
    assert sent.form is not None
    assert json.loads(sent.form["message"])["attachment"]["payload"] == {"is_reusable": True}
    fetched = ADAPTERS["facebook"].upload(LINK, ACCOUNTS["facebook"])
    assert (fetched.path, fetched.file) == ("/1001/message_attachments", None)


def test_an_instagram_account_with_its_own_login_uploads_as_itself() -> None:
    account = Account(page_id="17840000000000001", login="instagram")
    request = ADAPTERS["instagram"].upload(LINK, account)
    assert (request.host, request.path) == ("graph.instagram.com", "/17840000000000001/message_attachments")
    assert request.json is not None
    assert request.json["platform"] == "instagram"


def test_an_instagram_account_behind_an_unknown_page_speaks_through_its_token() -> None:
    request = ADAPTERS["instagram"].upload(LINK, Account(page_id="17840000000000001"))
    assert (request.host, request.path) == ("graph.facebook.com", "/me/message_attachments")
