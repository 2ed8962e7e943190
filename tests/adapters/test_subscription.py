"""Which apps hear of an account's events, and how ours becomes one of them."""

import json

import pytest

from adapters import ADAPTERS
from adapters.sending import Account, SendError, Unsendable
from adapters.subscription import Subscription
from tests.adapters.sends import ACCOUNTS


@pytest.mark.parametrize(
    ("platform", "path"),
    [
        ("facebook", "/1001/subscribed_apps"),
        ("instagram", "/1001/subscribed_apps"),
        ("whatsapp", "/102000000000001/subscribed_apps"),
    ],
)
def test_an_app_is_subscribed_to_what_tells_of_the_account(platform: str, path: str) -> None:
    adapter, account = ADAPTERS[platform], ACCOUNTS[platform]
    assert (adapter.subscribe_request(account).method, adapter.subscribe_request(account).path) == (
        "POST",
        path,
    )
    assert adapter.subscriptions_request(account).path == path


def test_a_page_is_not_subscribed_to_what_changes_its_looks() -> None:
    fields = ADAPTERS["facebook"].subscribe_request(ACCOUNTS["facebook"]).query["subscribed_fields"]
    assert "messages," in fields
    assert "response_feedback" not in fields


def test_names_of_instagram_fields_go_to_instagram_only() -> None:
    adapter, own = ADAPTERS["instagram"], Account(page_id="1784", login="instagram")
    assert "messaging_seen" in adapter.subscribe_request(own).query["subscribed_fields"]
    assert adapter.subscribe_request(own).host == "graph.instagram.com"
    through = adapter.subscribe_request(ACCOUNTS["instagram"]).query["subscribed_fields"]
    assert "messaging_seen" not in through


def test_a_number_without_its_waba_cannot_be_subscribed() -> None:
    with pytest.raises(Unsendable):
        ADAPTERS["whatsapp"].subscribe_request(Account(page_id="106"))


@pytest.mark.parametrize(
    ("platform", "row", "expected"),
    [
        (
            "facebook",
            {"id": "55", "subscribed_fields": ["messages", None]},
            (Subscription(app_id="55", fields=("messages",)),),
        ),
        ("whatsapp", {"whatsapp_business_api_data": {"id": 55}}, (Subscription(app_id="55"),)),
        ("instagram", {"name": "no id"}, ()),
    ],
)
def test_the_apps_are_told(platform: str, row: object, expected: object) -> None:
    body = json.dumps({"data": [row]}).encode()
    assert ADAPTERS[platform].subscriptions_result(200, {}, body) == expected


def test_a_refusal_is_told() -> None:
    refused = ADAPTERS["whatsapp"].subscriptions_result(400, {}, b'{"error":{"code":190}}')
    assert isinstance(refused, SendError)
    assert refused.code == "token_expired"
