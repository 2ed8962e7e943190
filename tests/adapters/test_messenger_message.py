"""Messages, echoes, edits, deletions, hints."""

from typing import Any

import pytest

from adapters.message import Context, Edit, Message, PriorMessage, ReplyTo, Story, Target
from tests.adapters.envelopes import (
    ACCOUNT,
    IGSID,
    PAGE,
    PSID,
    TIME,
    envelope,
    event,
    inbound,
    item_event,
    one,
    outbound,
)


def _message(**keys: Any) -> Message:
    found = item_event(message={"mid": "m_1", **keys}).message
    assert found is not None
    return found


def test_the_reference_example_holds() -> None:
    text = item_event(message={"mid": "m_1", "text": "Hello!"})
    assert (text.platform, text.event, text.version) == ("facebook", "message.received", "1")
    assert (text.timestamp, text.timestamp_ms) == (TIME // 1000, TIME)
    assert (text.from_, text.from_kind, text.to, text.to_kind) == (PSID, "psid", PAGE, "page")
    assert (text.page_id, text.direction, text.origin) == (PAGE, "inbound", "contact")
    assert text.message == Message(id="m_1", type="text", body="Hello!", attachments=(), original_type="text")
    assert text.signature_verified is True


def test_an_echo_is_the_same_conversation_from_the_other_side() -> None:
    echo = one(
        envelope(
            outbound(message={"mid": "m_2", "text": "Hi", "is_echo": True, "app_id": 5, "metadata": "x"})
        )
    )
    assert (echo.event.event, echo.event.direction) == ("message.echo", "outbound")
    assert (echo.event.from_, echo.event.from_kind, echo.event.to, echo.event.to_kind) == (
        PAGE,
        "page",
        PSID,
        "psid",
    )
    assert echo.event.message and (echo.event.message.metadata, echo.event.message.app_id) == ("x", "5")
    assert echo.person == one(envelope(inbound(message={"mid": "m_1"}))).person
    assert not echo.opens_window


@pytest.mark.parametrize(
    ("app_id", "origin"),
    [
        (263902037430900, "page_inbox"),
        ("26390203743090", "page_inbox"),
        (1217981644879628, "page_inbox"),
        (None, "page_inbox"),
        (1517776481860111, "other_app"),
    ],
)
def test_an_echo_tells_who_wrote_it(app_id: Any, origin: str) -> None:
    assert event(envelope(outbound(message={"mid": "m", "is_echo": True, "app_id": app_id}))).origin == origin


def test_instagram_speaks_the_same_dialect() -> None:
    item = {
        "sender": {"id": IGSID},
        "recipient": {"id": ACCOUNT},
        "timestamp": TIME,
        "message": {"mid": "x", "text": "hi"},
    }
    text = event(envelope(item, platform="instagram", page=ACCOUNT), "instagram")
    assert (text.platform, text.page_id, text.from_, text.from_kind) == ("instagram", ACCOUNT, IGSID, "igsid")
    assert text.to_kind == "ig_account"


def test_a_quick_reply_is_interactive() -> None:
    message = _message(text="Large", quick_reply={"payload": "SIZE_L"})
    assert (message.type, message.body) == ("interactive", "Large")
    assert message.interactive and message.interactive.kind == "quick_reply"
    assert (message.interactive.id, message.interactive.title) == ("SIZE_L", "Large")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"mid": "m_0", "is_self_reply": False}, ReplyTo(id="m_0")),
        ({"story": {"id": 17900, "url": "https://s"}}, ReplyTo(story=Story(id="17900", url="https://s"))),
        ({}, None),
        ("m_0", None),
        (None, None),
    ],
)
def test_a_reply_names_what_it_answers(given: Any, expected: ReplyTo | None) -> None:
    assert _message(text="x", reply_to=given).reply_to == expected


def test_a_referral_stands_beside_the_message() -> None:
    ad = {
        "ref": "r",
        "ad_id": 12,
        "source": "ADS",
        "type": "OPEN_THREAD",
        "ads_context_data": {"ad_title": "T"},
    }
    found = item_event(message={"mid": "m", "text": "x", "referral": ad})
    assert found.event == "message.received" and found.referral
    assert (found.referral.ad_id, found.referral.headline, found.referral.ref) == ("12", "T", "r")
    assert found.referral.ads_context == {"ad_title": "T"}


def test_a_product_is_context_and_referral() -> None:
    found = item_event(message={"mid": "m", "text": "x", "referral": {"product": {"id": 5}}})
    assert found.message and found.message.context == Context(product={"id": "5"})
    assert found.referral and found.referral.product == {"id": "5"}


def test_a_prior_message_is_context_and_names_nobody() -> None:
    prior = {"source": "checkbox_plugin", "identifier": "ref-1"}
    decoded = one(envelope(inbound(message={"mid": "m", "text": "x"}, prior_message=prior)))
    assert decoded.event.message and decoded.event.message.context
    assert decoded.event.message.context.prior_message == PriorMessage(
        source="checkbox_plugin", identifier="ref-1"
    )
    assert decoded.person and [identity.kind for identity in decoded.person.identities] == ["psid"]


@pytest.mark.parametrize(
    ("keys", "kind", "original"),
    [
        ({"is_unsupported": True}, "unsupported", "is_unsupported"),
        ({}, "unsupported", "message"),
        ({"text": ""}, "unsupported", "message"),
        ({"text": "x"}, "text", "text"),
        ({"text": "x", "attachments": [{"type": "image"}]}, "image", "image"),
        ({"text": "x", "attachments": []}, "text", "text"),
    ],
)
def test_every_message_has_a_type_and_attachments(keys: Any, kind: str, original: str) -> None:
    message = _message(**keys)
    assert (message.type, message.original_type) == (kind, original)
    assert message.attachments is not None
    assert (message.unsupported is not None) == (kind == "unsupported")


@pytest.mark.parametrize(
    "flags", [{}, {"text": "secret"}, {"is_unsupported": True, "attachments": [{"type": "image"}]}]
)
def test_a_deletion_says_nothing_but_what_was_deleted(flags: Any) -> None:
    decoded = one(envelope(inbound(message={"mid": "m_1", "is_deleted": True, **flags})))
    assert decoded.event.event == "message.deleted"
    assert decoded.event.message == Message(id="m_1", target=Target(message_id="m_1"))
    assert decoded.target == "m_1" and not decoded.opens_window


def test_an_edit_names_the_message_and_counts() -> None:
    decoded = one(envelope(inbound(message_edit={"mid": "m_1", "text": "new", "num_edit": "2"})))
    message = decoded.event.message
    assert decoded.event.event == "message.edited" and decoded.target == "m_1"
    assert message and (message.id, message.body, message.edit) == ("m_1", "new", Edit(number=2))


@pytest.mark.parametrize("edit", [{"num_edit": 0}, {"num_edit": "0"}, {}, {"num_edit": 0, "text": ""}])
def test_edit_number_zero_is_a_hint(edit: Any) -> None:
    item = {"timestamp": TIME, "message_edit": {"mid": "m_1", **edit}}
    decoded = one(envelope(item))
    assert decoded.event.event == "message.hinted"
    assert decoded.event.message == Message(id="m_1")
    assert (decoded.event.from_, decoded.event.direction, decoded.person) == (None, None, None)
    assert decoded.event.page_id == PAGE


@pytest.mark.parametrize("number", ["<INT>", None, "²", "9" * 5000])
def test_an_edit_without_a_sensible_number_is_still_an_edit(number: Any) -> None:
    edited = item_event(message_edit={"mid": "m_1", "text": "new", "num_edit": number})
    assert edited.event == "message.edited"
    assert edited.message and edited.message.edit == Edit()


def test_what_happens_to_one_message_are_different_facts() -> None:
    items = [
        inbound(message={"mid": "m_1", "text": "x"}),
        inbound(message={"mid": "m_1", "is_deleted": True}),
        inbound(message_edit={"mid": "m_1", "text": "y", "num_edit": 1}),
        inbound(message_edit={"mid": "m_1", "text": "z", "num_edit": 2}),
        inbound(reaction={"mid": "m_1", "action": "react", "emoji": "x"}),
        inbound(reaction={"mid": "m_1", "action": "unreact", "emoji": "x"}),
        inbound(postback={"mid": "m_1", "title": "x"}),
        outbound(message={"mid": "m_1", "text": "x", "is_echo": True}),
    ]
    assert len({event(envelope(item)).id for item in items}) == len(items)


def test_a_message_to_oneself_opens_no_window() -> None:
    item = {
        "sender": {"id": PAGE},
        "recipient": {"id": PAGE},
        "message": {"mid": "m", "text": "x", "is_self": True},
    }
    decoded = one(envelope(item))
    assert decoded.event.message and decoded.event.message.context == Context(to_self=True)
    assert not decoded.opens_window
