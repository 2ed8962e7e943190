"""What every platform promises of every outgoing message."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import ADAPTERS
from adapters.outgoing import Outgoing, Recipient, Signal, TextMessage
from adapters.sending import Prepared, SendError, Sent, Unsendable, part_tag, tag_of_part
from tests.adapters.outgoings import outgoings
from tests.adapters.sends import ACCOUNTS, PERSONS
from tests.adapters.shapes import BODIES

PLATFORM = pytest.mark.parametrize("platform", ADAPTERS)
MANY = settings(max_examples=100, deadline=None)
CODES = {
    *("psid_invalid", "blocked_by_user", "opted_out", "outside_window", "account_mismatch", "rate_limited"),
    *("token_expired", "permission", "unsupported", "policy", "invalid", "temporary", "unknown"),
}


def _prepared(platform: str, outgoing: Outgoing) -> Prepared | None:
    """None where the channel cannot send it; nothing but Unsendable may come out."""
    try:
        return ADAPTERS[platform].request(outgoing, ACCOUNTS[platform])
    except Unsendable as refusal:
        assert refusal.code in CODES
        assert refusal.field.partition(".")[0].partition("[")[0] in Outgoing.__struct_fields__
        return None


@PLATFORM
@given(outgoing=outgoings())
@MANY
def test_whatever_is_valid_becomes_requests_or_a_refusal_that_names_the_field(
    platform: str, outgoing: Outgoing
) -> None:
    prepared = _prepared(platform, outgoing)
    for request in prepared.requests if prepared else ():
        assert json.loads(msgspec.json.encode(request))["json"]
        assert request.path.startswith("/") and request.path.count("/") == 2
        assert request.host in ("graph.facebook.com", "graph.instagram.com")


@PLATFORM
@given(outgoing=outgoings())
@MANY
def test_what_is_sent_is_addressed_to_the_recipient_and_nobody_else(
    platform: str, outgoing: Outgoing
) -> None:
    prepared = _prepared(platform, outgoing)
    for request in prepared.requests if prepared else ():
        assert request.json is not None
        for member in ("to", "recipient"):
            assert _names(request.json.get(member), outgoing.to)


def _names(member: Any, to: Recipient) -> bool:
    if isinstance(member, dict):
        return list(member.values()) == [to.value]
    if member is not None and to.kind in ("wa_id", "phone"):
        return str(member).lstrip("+") == "".join(filter(str.isdigit, to.value))
    return member is None or member == to.value


@PLATFORM
@given(outgoing=outgoings())
@MANY
def test_every_message_carries_its_tag(platform: str, outgoing: Outgoing) -> None:
    prepared = _prepared(platform, outgoing)
    if prepared is None or isinstance(outgoing.message, Signal) or outgoing.tag is None:
        return
    for part, request in enumerate(prepared.requests):
        body = request.json or {}
        message = body.get("message") if platform != "whatsapp" else None
        carried = body.get("biz_opaque_callback_data") or (message or {}).get("metadata")
        assert carried == request.tag
        if outgoing.message.__struct_config__.tag != "native":
            assert request.tag == part_tag(outgoing.tag, part)


@PLATFORM
@pytest.mark.parametrize(
    "kind", ["psid", "igsid", "wa_id", "phone", "bsuid", "parent_bsuid", "user_ref", "group", "comment"]
)
def test_an_id_of_another_platform_is_refused_before_anything_is_sent(platform: str, kind: Any) -> None:
    usual = {
        "facebook": {"psid", "phone", "user_ref", "comment"},
        "instagram": {"igsid", "comment"},
        "whatsapp": {"wa_id", "phone", "bsuid", "parent_bsuid", "group"},
    }
    outgoing = Outgoing(to=Recipient(kind=kind, value="+4915112345"), message=TextMessage(body="Hi"))
    if kind in usual[platform]:
        return
    with pytest.raises(Unsendable) as refusal:
        ADAPTERS[platform].request(outgoing, ACCOUNTS[platform])
    assert (refusal.value.code, refusal.value.field) == ("account_mismatch", "to.kind")


@PLATFORM
@given(status=st.integers(100, 599), body=st.binary(max_size=80), header=st.text(max_size=9))
@MANY
def test_no_answer_is_too_odd(platform: str, status: int, body: bytes, header: str) -> None:
    headers = {"retry-after": header, "x-app-usage": header, "x-business-use-case-usage": header}
    outcome = ADAPTERS[platform].result(status, headers, body)
    if isinstance(outcome, Sent):
        assert 200 <= status < 300
    else:
        assert outcome.code in CODES
        assert not (outcome.ambiguous and outcome.retryable)


@PLATFORM
@given(body=BODIES, status=st.sampled_from([200, 400]))
@MANY
def test_no_profile_history_or_media_is_too_odd(platform: str, body: Any, status: int) -> None:
    adapter, written = ADAPTERS[platform], json.dumps(body).encode()
    adapter.profile_result(status, {}, written)
    adapter.media_result(status, {}, written)
    listing = {"data": [{"messages": {"data": [body]}}, body], "paging": body}
    adapter.history_result(status, {}, json.dumps(listing).encode(), ACCOUNTS[platform])


@PLATFORM
@given(
    error=st.dictionaries(
        st.sampled_from(["code", "error_subcode", "message", "type", "error_data", "is_transient"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=9)
        | st.just({"details": 1}),
    ),
    status=st.sampled_from([200, 400, 401, 429, 500, 503]),
)
@MANY
def test_no_error_of_metas_is_too_odd(platform: str, error: Any, status: int) -> None:
    outcome = ADAPTERS[platform].result(status, {}, json.dumps({"error": error}).encode())
    assert isinstance(outcome, SendError)
    assert outcome.code in CODES


@given(tag=st.text(min_size=1), part=st.integers(0, 9))
def test_the_tag_of_a_part_leads_back_to_ours(tag: str, part: int) -> None:
    ours = f"out_{tag.replace('#', '')}"
    assert tag_of_part(part_tag(ours, part) or "") == (ours, part)


@PLATFORM
def test_no_token_and_no_version_is_in_a_request(platform: str) -> None:
    to = msgspec.convert(PERSONS[platform], Recipient)
    prepared = _prepared(platform, Outgoing(to=to, message=TextMessage(body="Hi")))
    assert prepared is not None
    assert "token" not in str(prepared)
