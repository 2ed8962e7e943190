"""Every error of the catalogue, in Graph's envelope and with its HTTP status."""

import json

import pytest

from gateway.simulator.graph import errors
from gateway.simulator.graph.fields import parse
from gateway.simulator.graph.multipart import parts


@pytest.mark.parametrize(("code", "subcode"), errors.MESSENGER)
def test_messenger_says_400_and_the_codes(code: int, subcode: int) -> None:
    error = errors.messenger(code, subcode)
    shown = error.body("Atrace")["error"]
    assert error.status == 400
    assert shown["message"].startswith(f"(#{code}) ")
    assert (shown["type"], shown["code"], shown["fbtrace_id"]) == ("OAuthException", code, "Atrace")
    assert shown.get("error_subcode", 0) == subcode


@pytest.mark.parametrize("code", errors.WHATSAPP)
def test_whatsapp_says_details_and_no_subcode(code: int) -> None:
    error = errors.whatsapp(code, "because")
    shown = error.body("Atrace")["error"]
    assert 400 <= error.status < 600
    assert shown["error_data"] == {"messaging_product": "whatsapp", "details": "because"}
    assert "error_subcode" not in shown
    assert json.dumps(shown)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", {}),
        ("id,name", {"id": {}, "name": {}}),
        ("messages.limit(5){id,from},id", {"messages": {"id": {}, "from": {}}, "id": {}}),
    ],
)
def test_fields_are_nested(text: str, fields: object) -> None:
    assert parse(text) == fields


def test_a_form_with_a_file_is_read_byte_by_byte() -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="type"\r\n\r\nimage/png\r\n'
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n\r\n--\x00\xff\r\n\r\n--B--\r\n"
    )
    plain, file = parts("multipart/form-data; boundary=B", body)
    assert (plain.name, plain.content, plain.filename) == ("type", b"image/png", None)
    assert (file.filename, file.content_type, file.content) == ("a.png", "image/png", b"\r\n--\x00\xff\r\n")
    assert parts("multipart/form-data", body) == []
