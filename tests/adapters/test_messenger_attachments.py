"""Attachments of every type, and those that Meta sends twice."""

from typing import Any

import pytest

from adapters.message import Attachment, Location
from tests.adapters.envelopes import item_event


def _attachments(*given: Any, **message: Any) -> tuple[Attachment, ...]:
    found = item_event(message={"mid": "m_1", "attachments": list(given), **message}).message
    assert found is not None and found.attachments is not None
    return found.attachments


def _one(given: Any, **message: Any) -> Attachment:
    (attachment,) = _attachments(given, **message)
    return attachment


@pytest.mark.parametrize(
    ("original", "type"),
    [
        ("image", "image"),
        ("audio", "audio"),
        ("video", "video"),
        ("file", "file"),
        ("sticker", "sticker"),
        ("like_heart", "sticker"),
        ("location", "location"),
        ("template", "template"),
        ("appointment_booking", "template"),
        ("story_mention", "story_mention"),
        *[(original, "share") for original in ("fallback", "share", "post", "ig_post", "reel", "ig_reel")],
        *[(original, "share") for original in ("story", "ig_story")],
        *[(original, "unsupported") for original in ("ephemeral", "unsupported_type", "media", "new")],
    ],
)
def test_metas_word_is_kept_beside_ours(original: str, type: str) -> None:
    attachment = _one({"type": original, "payload": {"url": "https://x/y"}})
    assert (attachment.type, attachment.original_type, attachment.url) == (type, original, "https://x/y")


@pytest.mark.parametrize(
    "given", [{"type": "image"}, {"type": "image", "payload": None}, {"type": "image", "payload": 5}]
)
def test_a_payload_may_be_missing(given: Any) -> None:
    assert _one(given) == Attachment(type="image", original_type="image", storable=True)


@pytest.mark.parametrize(
    "given",
    [
        {"payload": {"url": "https://x", "title": "T"}},
        {"payload": None, "url": "https://x", "title": "T"},
        {"payload": None, "URL": "https://x", "title": "T"},
        {"payload": {"story_media_url": "https://x", "title": "T"}},
        {"payload": "https://x", "title": "T"},
    ],
)
def test_url_and_title_are_found_wherever_they_stand(given: Any) -> None:
    attachment = _one({"type": "share", **given})
    assert (attachment.url, attachment.title) == ("https://x", "T")


def test_what_else_meta_sends_is_kept_with_its_ids_as_text() -> None:
    attachment = _one(
        {"type": "template", "payload": {"elements": [{"attachment_id": 2457235337685388}], "url": "u"}}
    )
    assert attachment.payload == {"elements": [{"attachment_id": "2457235337685388"}]}


@pytest.mark.parametrize("key", ["sticker_id", "reel_video_id", "ig_post_media_id", "story_media_id", "id"])
def test_the_id_of_the_medium_is_text(key: str) -> None:
    assert _one({"type": "ig_reel", "payload": {key: 18007766554433221}}).media_id == "18007766554433221"


STICKER = {"type": "sticker", "payload": {"url": "https://s", "sticker_id": 369}}
AS_IMAGE = {"type": "image", "payload": {"url": "https://s", "sticker_id": "369"}}
IMAGE = {"type": "image", "payload": {"url": "https://i"}}


@pytest.mark.parametrize("given", [[STICKER, AS_IMAGE], [AS_IMAGE, STICKER]])
def test_a_sticker_sent_twice_is_one_attachment(given: list[Any]) -> None:
    (attachment,) = _attachments(*given)
    assert (attachment.original_type, attachment.media_id) == ("sticker", "369")


def test_only_the_twin_of_a_sticker_goes() -> None:
    other = {"type": "image", "payload": {"url": "https://s", "sticker_id": 370}}
    assert [a.media_id for a in _attachments(STICKER, AS_IMAGE, IMAGE, other)] == ["369", None, "370"]
    assert len(_attachments(STICKER, STICKER)) == 2


def test_an_image_with_a_sticker_id_is_a_sticker() -> None:
    assert _one(AS_IMAGE).type == "sticker"
    assert _one(IMAGE, sticker_id=369).media_id == "369"


SHARE = {"type": "share", "payload": {"url": "https://old"}}
POST = {"type": "ig_post", "payload": {"url": "https://new", "id": 1}}


@pytest.mark.parametrize("given", [[SHARE, POST], [POST, SHARE]])
def test_a_post_sent_twice_is_one_attachment(given: list[Any]) -> None:
    assert [a.original_type for a in _attachments(*given)] == ["ig_post"]


def test_each_post_replaces_one_share() -> None:
    assert [a.original_type for a in _attachments(SHARE, SHARE, POST)] == ["share", "ig_post"]


@pytest.mark.parametrize("original", ["share", "ig_post", "story_mention", "ig_story", "ephemeral", "new"])
def test_what_is_not_the_persons_own_must_not_be_stored(original: str) -> None:
    assert _one({"type": original}).storable is False


def test_a_location_is_on_the_message_too() -> None:
    given = {"type": "location", "title": "Anna's", "payload": {"coordinates": {"lat": 50.5, "long": "6.9"}}}
    found = item_event(message={"mid": "m", "attachments": [IMAGE, given]}).message
    assert found and found.location == Location(latitude=50.5, longitude=6.9, name="Anna's")
    assert found.type == "image"


@pytest.mark.parametrize("given", [["x", None, 5], {"type": "image"}, "image", 5])
def test_what_is_no_attachment_counts_as_none(given: Any) -> None:
    found = item_event(message={"mid": "m", "text": "x", "attachments": given}).message
    assert found and (found.type, found.attachments) == ("text", ())
