"""What Meta says of tokens, holders, portfolios and callbacks, however odd it is."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import ADAPTERS
from adapters.callbacks import callbacks_result, override_result
from adapters.credentials import (
    TokenFacts,
    facts_request,
    facts_result,
    is_disproved,
    proven,
    refresh_result,
)
from adapters.portfolio import linked_result, numbers_result, pages_result, wabas_result
from adapters.sending import Account, SendError, Unsendable
from tests.adapters.sends import ACCOUNTS
from tests.adapters.shapes import JSON

MEMBERS = (
    *("id", "name", "data", "scopes", "granular_scopes", "target_ids", "expires_at", "expires_in", "fields"),
    *("access_token", "user_id", "instagram_business_account", "webhook_configuration", "paging", "messages"),
)
ODD = st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=4)


@given(inner=ODD, status=st.sampled_from([200, 400]))
@settings(max_examples=150, deadline=None)
def test_no_answer_is_too_odd(inner: dict[str, Any], status: int) -> None:
    for body in (inner, {"data": inner}, {"data": [inner], "paging": inner}):
        written = json.dumps(body).encode()
        for read in (facts_result, refresh_result, pages_result, wabas_result, linked_result):
            read(status, {}, written)
        callbacks_result(status, {}, written)
        override_result(status, {}, written)
        numbers_result(status, {}, written, "55")
        for platform, adapter in ADAPTERS.items():
            adapter.holder_result(status, {}, written, ACCOUNTS[platform])
            adapter.backlog_result(status, {}, written, ACCOUNTS[platform])


def test_the_facts_of_a_token_are_read() -> None:
    given = {
        "app_id": "2210",
        "is_valid": True,
        "expires_at": 0,
        "scopes": ["pages_messaging", "whatsapp_business_management"],
        "granular_scopes": [
            {"scope": "pages_messaging"},
            {"scope": "whatsapp_business_management", "target_ids": ["55", 56]},
        ],
    }
    facts = facts_result(200, {}, json.dumps({"data": given}).encode())
    assert isinstance(facts, TokenFacts)
    assert (facts.valid, facts.app_id, facts.expires_at) == (True, "2210", None)
    assert facts.targets == {"whatsapp_business_management": ("55", "56")}


def test_a_proof_is_an_hmac_of_the_token_and_its_refusal_is_known() -> None:
    request = proven(facts_request("EAAB"), "EAAB", "an-app-secret")
    assert len(request.query["appsecret_proof"]) == 64
    refused = SendError(
        code="invalid", retryable=False, platform_code=100, detail="Invalid appsecret_proof provided"
    )
    assert is_disproved(refused)
    assert not is_disproved(SendError(code="invalid", retryable=False, platform_code=100))


@pytest.mark.parametrize("platform", ADAPTERS)
def test_what_is_subscribed_can_be_unsubscribed(platform: str) -> None:
    adapter, account = ADAPTERS[platform], ACCOUNTS[platform]
    ended, begun = adapter.unsubscribe_request(account), adapter.subscribe_request(account)
    assert (ended.method, ended.path, ended.host) == ("DELETE", begun.path, begun.host)


def test_whatsapp_keeps_no_messages() -> None:
    with pytest.raises(Unsendable):
        ADAPTERS["whatsapp"].backlog_request(Account(page_id="555001"), None)
