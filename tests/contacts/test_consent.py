"""What an opt-out forbids, and what it does not."""

import pytest

from gateway.contacts.consent import Purpose, consent_refusal
from gateway.store.contact import ConsentState, KnownConsent


def said(state: ConsentState, topic: str = "") -> KnownConsent:
    return KnownConsent(page_id="1001", topic=topic, state=state, source="optin", at=1)


@pytest.mark.parametrize("topic", ["", "Sales", "marketing_messages"])
def test_a_reply_inside_the_window_is_always_let_through(topic: str) -> None:
    assert consent_refusal([said("opted_out", topic)], "reply") is None


@pytest.mark.parametrize("purpose", ["utility", "marketing"])
def test_who_opted_out_of_everything_gets_nothing_unasked(purpose: Purpose) -> None:
    out = said("opted_out")
    assert consent_refusal([said("opted_in", "Sales"), out], purpose, "Sales") is out


def test_an_opt_out_of_marketing_leaves_what_was_asked_for() -> None:
    out = said("opted_out", "marketing_messages")
    assert consent_refusal([out], "utility") is None
    assert consent_refusal([out], "marketing", "Sales") is out


def test_an_opt_out_of_one_topic_leaves_the_others() -> None:
    out = said("opted_out", "Sales")
    assert consent_refusal([out], "marketing", "News") is None
    assert consent_refusal([out], "marketing", "Sales") is out
    assert consent_refusal([out], "marketing") is out


def test_who_has_said_nothing_or_agreed_is_written_to() -> None:
    assert consent_refusal([], "marketing") is None
    assert consent_refusal([said("opted_in")], "marketing", "Sales") is None
