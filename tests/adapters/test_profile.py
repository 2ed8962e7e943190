"""Who a person is: the answers of Meta's profile APIs, the lack of one among them."""

import json
from typing import Any

import pytest

from adapters import ADAPTERS
from adapters.base import Identity
from adapters.profile import NoProfile, Profile, ProfileFields
from adapters.sending import Account, SendError, Unsendable

PAGE = Account(page_id="1001")
PSID = Identity("psid", "6001", "1001")
IGSID = Identity("igsid", "7001", "17840000000000001")


def _error(code: int, subcode: int | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": "words"} | ({"error_subcode": subcode} if subcode else {})}


def _told(platform: str, status: int, body: object) -> object:
    return ADAPTERS[platform].profile_result(status, {}, json.dumps(body).encode())


def test_a_profile_is_asked_for_by_the_persons_id() -> None:
    asked = ADAPTERS["facebook"].profile_request(PSID, PAGE, ("first_name", "locale"))
    assert (asked.method, asked.host, asked.path) == ("GET", "graph.facebook.com", "/6001")
    assert asked.query == {"fields": "first_name,locale"}


def test_every_field_that_is_asked_for_is_one_that_is_kept() -> None:
    kept = set(Profile.__struct_fields__)
    asked = {
        name for adapter in ADAPTERS.values() for name in (*adapter.PROFILE.usual, *adapter.PROFILE.granted)
    }
    assert asked == kept


def test_of_the_fields_some_can_be_chosen() -> None:
    fields = ADAPTERS["facebook"].PROFILE
    assert fields.only(None) == fields
    assert fields.only(["first_name", "locale", "username"]) == ProfileFields(
        usual=("first_name",), granted=("locale",)
    )


@pytest.mark.parametrize(
    ("login", "host"), [("facebook", "graph.facebook.com"), ("instagram", "graph.instagram.com")]
)
def test_an_instagram_profile_is_asked_for_where_the_login_is(login: Any, host: str) -> None:
    account = Account(page_id="17840000000000001", login=login)
    assert ADAPTERS["instagram"].profile_request(IGSID, account, ("name",)).host == host


def test_ids_of_other_kinds_have_no_profile() -> None:
    for platform, identity in (
        ("facebook", IGSID),
        ("instagram", PSID),
        ("whatsapp", Identity("wa_id", "1", "2")),
    ):
        with pytest.raises(Unsendable):
            ADAPTERS[platform].profile_request(identity, PAGE, ("name",))


def test_a_profile_has_what_meta_grants() -> None:
    body = {
        "first_name": "Ann",
        "last_name": "Example",
        "profile_pic": "https://example.com/ann.jpg",
        "locale": "de_DE",
        "timezone": -7,
        "gender": "female",
        "is_payment_enabled": True,
        "last_ad_referral": {"source": "ADS"},
        "id": "6001",
    }
    assert _told("facebook", 200, body) == Profile(
        first_name="Ann",
        last_name="Example",
        profile_pic="https://example.com/ann.jpg",
        locale="de_DE",
        timezone=-7.0,
        gender="female",
        is_payment_enabled=True,
        last_ad_referral={"source": "ADS"},
    )


def test_an_instagram_profile_may_lack_name_and_picture() -> None:
    body = {
        "name": None,
        "username": "ann",
        "profile_pic": None,
        "follower_count": 5,
        "is_verified_user": False,
    }
    assert _told("instagram", 200, body) == Profile(username="ann", follower_count=5, is_verified_user=False)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, {}, "empty"),
        (200, {"id": "6001"}, "empty"),
        (400, _error(2018218), "no_profile"),
        (400, _error(100, 2018218), "no_profile"),
        (400, _error(230), "no_consent"),
        (400, _error(100, 33), "not_visible"),
        (403, _error(2018247), "not_permitted"),
        (403, _error(10), "not_permitted"),
    ],
)
def test_the_lack_of_a_profile_is_an_answer(status: int, body: object, reason: Any) -> None:
    assert _told("facebook", status, body) == NoProfile(reason=reason)


def test_a_failure_is_told_from_the_lack_of_a_profile() -> None:
    for status, body, code in ((401, _error(190), "token_expired"), (400, _error(4), "rate_limited")):
        told = _told("instagram", status, body)
        assert isinstance(told, SendError)
        assert told.code == code
