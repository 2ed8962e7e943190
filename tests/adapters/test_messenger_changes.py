"""Changes around a Page and an Instagram account."""

from typing import Any

import pytest

from adapters.base import Decoded, Identity
from adapters.event import Event
from adapters.parts import Author, Comment, Label, Lead
from tests.adapters.envelopes import ACCOUNT, PAGE, PSID, TIME, body, change, one

COMMENT = {
    "item": "comment",
    "verb": "add",
    "comment_id": "55_66",
    "post_id": "1001_55",
    "parent_id": "1001_55",
    "from": {"id": "8001", "name": "Ben"},
    "message": "Nice",
    "created_time": 1764009190,
}


def _page(field: str, value: Any) -> Event:
    return one(change(field, value)).event


def _instagram(field: str, value: Any, **entry: Any) -> Decoded:
    raw = change(field, value, id=ACCOUNT, **entry) | {"object": "instagram"}
    return one(body(raw), "instagram")


def test_a_comment_has_an_author_and_no_conversation() -> None:
    decoded = one(change("feed", COMMENT))
    found = decoded.event
    assert found.comment == Comment(id="55_66", post_id="1001_55", text="Nice", author=Author(name="Ben"))
    assert (found.from_, found.from_kind, found.to) == ("8001", "fb_commenter", None)
    assert (found.timestamp, found.direction, decoded.person) == (1764009190, "inbound", None)


def test_an_answer_to_a_comment_names_its_parent() -> None:
    found = _page("feed", COMMENT | {"parent_id": "55_60"}).comment
    assert found and found.parent_id == "55_60"


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        ("add", "comment.received"),
        (None, "comment.received"),
        ("edit", "comment.edited"),
        ("edited", "comment.edited"),
        ("hide", "comment.edited"),
        ("unhide", "comment.edited"),
        ("remove", "comment.deleted"),
        ("delete", "comment.deleted"),
        ("new_verb", "feed.update"),
    ],
)
def test_the_verb_names_the_event(verb: Any, name: str) -> None:
    assert _page("feed", COMMENT | {"verb": verb}).event == name


def test_a_deleted_comment_says_nothing_any_more() -> None:
    found = _page("feed", COMMENT | {"verb": "remove", "photo": "https://x"}).comment
    assert found and (found.text, found.media, found.id) == (None, None, "55_66")


def test_a_hidden_comment_says_so() -> None:
    hidden = [_page("feed", COMMENT | more).comment for more in ({"verb": "hide"}, {"is_hidden": True}, {})]
    assert [comment and comment.hidden for comment in hidden] == [True, True, False]


def test_each_edit_of_a_comment_is_a_fact() -> None:
    texts = [COMMENT | {"verb": "edited", "message": text} for text in ("a", "b")]
    assert len({_page("feed", value).id for value in [COMMENT, *texts]}) == 3


def test_the_pages_own_comment_is_outbound() -> None:
    found = _page("feed", COMMENT | {"from": {"id": PAGE}})
    assert (found.direction, found.from_kind, found.origin) == ("outbound", "page", None)


@pytest.mark.parametrize(
    "writer", [{"from": {"id": 8001, "name": "Ben"}}, {"sender_id": 8001, "sender_name": "Ben"}]
)
def test_both_forms_name_the_writer(writer: Any) -> None:
    value = {key: part for key, part in COMMENT.items() if key != "from"} | writer
    found = _page("feed", value)
    assert found.from_ == "8001" and found.comment and found.comment.author == Author(name="Ben")


def test_a_comment_of_nobody_is_still_a_comment() -> None:
    found = _page("feed", {"item": "comment", "comment_id": "1"})
    assert (found.event, found.from_, found.direction) == ("comment.received", None, None)


@pytest.mark.parametrize("item", ["status", "reaction", "like", "photo", None, {"odd": 1}])
def test_everything_else_on_the_feed_is_an_update(item: Any) -> None:
    found = _page("feed", {"item": item, "verb": "add", "post_id": 5})
    assert found.event == "feed.update" and found.feed
    assert found.feed["change"] == (item if isinstance(item, str) else "feed")
    assert found.feed["post_id"] == "5"


def test_a_mention_is_received_and_a_removed_one_is_an_update() -> None:
    value = {"post_id": "1_2", "comment_id": "2_3", "sender_id": 8001, "message": "see", "verb": "add"}
    assert _page("mention", value).mention == Comment(id="2_3", post_id="1_2", text="see")
    assert _page("mention", value | {"verb": "remove"}).event == "feed.update"


def test_a_review_keeps_metas_fields() -> None:
    found = _page("ratings", {"reviewer_id": 8001, "recommendation_type": "POSITIVE", "review_text": None})
    assert (found.event, found.from_) == ("review.received", "8001")
    assert found.review == {"reviewer_id": "8001", "recommendation_type": "POSITIVE"}


def test_a_lead_names_its_form() -> None:
    found = _page("leadgen", {"leadgen_id": 44, "form_id": 33, "ad_id": "12", "created_time": TIME // 1000})
    assert (found.event, found.lead) == ("lead.received", Lead(id="44", form_id="33", ad_id="12"))


def test_a_label_is_put_on_a_person() -> None:
    value = {"user": {"id": PSID}, "action": "assigned", "label": {"id": 3, "page_label_name": "VIP"}}
    decoded = one(change("inbox_labels", value))
    assert decoded.event.label == Label(action="assigned", id="3", name="VIP")
    assert decoded.person and decoded.person.identities == (Identity("psid", PSID, PAGE),)
    assert (decoded.event.direction, decoded.event.origin) == (None, None)


@pytest.mark.parametrize(
    ("field", "name", "part"),
    [
        ("business_integrity", "account.update", "account"),
        ("messenger_template_status_update", "template.update", "template"),
    ],
)
def test_changes_of_the_account_are_passed_on(field: str, name: str, part: str) -> None:
    found = _page(field, {"status": "x", "timestamp": 1764009100})
    assert (found.event, found.timestamp, found.origin) == (name, 1764009100, "platform")
    assert getattr(found, part) == {"status": "x", "timestamp": 1764009100, "change": field}


def test_both_logins_tell_the_same_comment() -> None:
    writer = {"from": {"id": "9002", "username": "ben"}, "text": "Nice", "media": {"id": 17900}}
    facebook = _instagram("comments", writer | {"comment_id": "17870", "parent_id": "17860"})
    instagram = _instagram("comments", writer | {"id": 17870})
    assert facebook.event.id == instagram.event.id
    found = instagram.event
    assert found.comment == Comment(
        id="17870", post_id="17900", text="Nice", media={"id": "17900"}, author=Author(username="ben")
    )
    assert (found.from_, found.from_kind, instagram.person) == ("9002", "ig_commenter", None)


def test_a_comment_that_an_ad_doubles_is_one_comment() -> None:
    once, again = ({"id": "17870", "text": "x", "media": {"id": media}} for media in ("17900", "17901"))
    assert _instagram("comments", once).event.id == _instagram("comments", again).event.id


def test_a_live_comment_says_so() -> None:
    found = _instagram("live_comments", {"comment_id": "1", "text": "x"}).event
    assert found.event == "comment.received" and found.comment and found.comment.live


@pytest.mark.parametrize("value", [{"media_id": 5, "comment_id": "6"}, {"media_id": "5"}])
def test_a_mention_on_instagram_is_ids_only(value: Any) -> None:
    found = _instagram("mentions", value).event
    assert found.mention == Comment(id=value.get("comment_id"), post_id="5")


def test_story_insights_are_a_feed_update() -> None:
    found = _instagram("story_insights", {"media_id": 5, "reach": -1}).event
    assert (found.event, found.feed) == (
        "feed.update",
        {"media_id": "5", "reach": -1, "change": "story_insights"},
    )


def test_a_field_of_the_other_platform_is_unknown() -> None:
    assert _instagram("leadgen", {"leadgen_id": 1}).event.event == "unknown"
    assert _page("story_insights", {"reach": 1}).event == "unknown"
