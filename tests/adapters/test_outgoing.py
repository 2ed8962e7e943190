"""What a customer writes is decoded strictly, and a fault is named with its place."""

import json
from typing import Any

import msgspec
import pytest

from adapters.outgoing import Outgoing

TO = {"kind": "psid", "value": "1"}


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ({"type": "text", "body": ""}, "length >= 1 - at `$.message.body`"),
        ({"type": "text", "body": 5}, "Expected `str`, got `int` - at `$.message.body`"),
        ({"type": "text", "text": "Hi"}, "`text` - at `$.message`"),
        ({"type": "image"}, "exactly one of `url` and `media_id` - at `$.message`"),
        ({"type": "image", "url": "https://a.b", "media_id": "1"}, "exactly one of"),
        ({"type": "image", "url": "file:///etc/passwd"}, "- at `$.message.url`"),
        ({"type": "song"}, "Invalid value 'song' - at `$.message.type`"),
        ({"type": "buttons", "body": "Yes?", "buttons": []}, "- at `$.message.buttons`"),
        (
            {"type": "buttons", "body": "Yes?", "buttons": [{"type": "reply", "id": "1"}]},
            "`title` - at `$.message.buttons[0]`",
        ),
        (
            {
                "type": "buttons",
                "body": "Yes?",
                "buttons": [{"type": "reply", "id": "1", "title": "Yes"}],
                "header": "Now",
                "header_image": {"media_id": "1"},
            },
            "one of `header` and `header_image`",
        ),
        ({"type": "location", "latitude": 91, "longitude": 0}, "- at `$.message.latitude`"),
        ({"type": "thread_control", "action": "pass"}, "`app_id` goes with the action `pass`"),
        ({"type": "thread_control", "action": "take", "app_id": "1"}, "`app_id` goes with"),
    ],
)
def test_a_fault_is_named_with_its_place(message: dict[str, Any], fault: str) -> None:
    with pytest.raises(msgspec.ValidationError) as refusal:
        msgspec.json.decode(json.dumps({"to": TO, "message": message}), type=Outgoing)
    assert fault in str(refusal.value)


def test_the_recipient_says_its_kind() -> None:
    with pytest.raises(msgspec.ValidationError, match="to"):
        msgspec.json.decode(b'{"to":"12345","message":{"type":"text","body":"Hi"}}', type=Outgoing)


def test_an_outgoing_message_survives_being_kept() -> None:
    form = {"to": TO, "message": {"type": "text", "body": "Hi"}, "sender": "human", "override": {"a": [1]}}
    outgoing = msgspec.convert(form, Outgoing)
    assert msgspec.json.decode(msgspec.json.encode(outgoing), type=Outgoing) == outgoing
