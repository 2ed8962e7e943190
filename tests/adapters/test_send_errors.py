"""Every error number that Meta's platforms are known to answer has its meaning on purpose."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters import ADAPTERS
from adapters._graph.meaning import GRAPH, Meanings
from adapters._messenger.send.errors import ERRORS as MESSENGER
from adapters.parts import Error
from adapters.sending import SendError, Sent
from adapters.whatsapp.send.errors import ERRORS as WHATSAPP
from tests.adapters import error_catalogue

TABLES: Mapping[str, Meanings] = {"facebook": MESSENGER, "instagram": MESSENGER, "whatsapp": WHATSAPP}
EVERYWHERE = """
    token_expired   0 190 190/458 190/460 190/463 190/467
    permission      3 10 200 201 299
    rate_limited    4 17 32 341 613 80007
    temporary       1 1/99 2
    invalid         100 100/33 506
    policy          368
    unknown         1/1357046
"""
OF_MESSENGER = """
    psid_invalid    551 551/1545041 100/2018001 100/2534014
    blocked_by_user 10/2018108 200/1545041
    opted_out       10/1893015
    outside_window  10/2018278 10/2018065 10/2534022
    rate_limited    9/2018352 613/2534040 613/2018338
    permission      2/2018344 10/2534077 100/2534013 100/2534037 100/2018300 100/2018321 100/2018164 230
    permission      200/2018028 200/2018027 200/2018021 200/2534041 2022 10904 36103 2018247
    policy          4/2018354 10/1893063 10/1404170 10/2018336 100/2534029 10903
    invalid         33 100/2018047 100/2018109 100/2018074 100/2018014 100/2534015 100/2534025
    invalid         10303 1609005 9000001 613/1893016 10900
    temporary       100/2018008 100/2018294 1200
    unsupported     2018218
"""
OF_WHATSAPP = """
    psid_invalid    131026
    blocked_by_user 130403
    opted_out       131050
    outside_window  131047
    rate_limited    130429 131048 131056 131064 131208 132069 133016
    permission      33 131005 131030 131037 131042 131044 131045 133000 133006 133010 133005 133008 133009
    permission      134011
    policy          130472 130497 131031 131049 132007 132015 132016 132068 137000
    invalid         131008 131009 131020 131021 131041 131052 131053 135000
    invalid         131201 131202 131203 131204 131205 131206 131207 131209 131210 131211 131212 131213
    invalid         131214 131215 132000 132001 132005 132008 132012 132018
    temporary       131000 131016 131057 133004 133015
    unsupported     131051 131060 131062 131063 138000 138001 138012 2593107 2593108 2593109
"""


def _rows(platform: str, *texts: str) -> list[tuple[str, str, str]]:
    lines = [line.split() for text in texts for line in text.strip().splitlines()]
    return [(platform, number, code) for code, *numbers in lines for number in numbers]


ROWS = [
    *_rows("facebook", EVERYWHERE, OF_MESSENGER),
    *_rows("instagram", EVERYWHERE, OF_MESSENGER),
    *_rows("whatsapp", EVERYWHERE, OF_WHATSAPP),
]


def _answer(platform: str, number: str, status: int = 400, **members: object) -> SendError:
    code, _, subcode = number.partition("/")
    error = {"code": int(code), "message": "words", "fbtrace_id": "Trace", **members}
    error |= {"error_subcode": int(subcode)} if subcode else {}
    outcome = ADAPTERS[platform].result(status, {}, json.dumps({"error": error}).encode())
    assert isinstance(outcome, SendError)
    return outcome


@pytest.mark.parametrize(("platform", "number", "code"), ROWS)
def test_a_number_has_its_meaning(platform: str, number: str, code: str) -> None:
    error = _answer(platform, number)
    assert error.code == code
    assert error.title
    assert (error.platform_code, error.trace_id) == (int(number.partition("/")[0]), "Trace")


@pytest.mark.parametrize("platform", TABLES)
def test_no_number_of_the_table_is_without_a_row(platform: str) -> None:
    tested = {number for of, number, _ in ROWS if of == platform}
    ranges = {*map(str, range(200, 300)), *map(str, range(138000, 138100))}
    table = {str(code) + (f"/{subcode}" if subcode else "") for code, subcode in TABLES[platform]}
    assert table - ranges <= tested


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_the_catalogue_of_messenger_and_instagram_is_covered(platform: str, shared: Path) -> None:
    listed = error_catalogue.messenger(shared)
    table = TABLES[platform]
    assert len(listed) > 60
    assert listed.keys() - table.keys() == set()
    wrong = {n for n, policy in listed.items() if table[n].retryable != policy.startswith(("T", "R"))}
    assert wrong == set()


def test_the_catalogue_of_whatsapp_is_covered(shared: Path) -> None:
    listed = error_catalogue.whatsapp(shared)
    assert len(listed) > 90
    assert listed.keys() - WHATSAPP.keys() == set()
    wrong = {n for n, policy in listed.items() if policy.startswith("yes") and not WHATSAPP[n].retryable}
    assert wrong == set()
    later = {(132069, None), (131208, None)}
    wrong = {n for n, policy in listed.items() if policy.startswith("no") and WHATSAPP[n].retryable}
    assert wrong == later, "of these two the row itself says: later"


def test_an_error_that_is_answered_is_never_ambiguous_but_for_the_lost_answer() -> None:
    for table in TABLES.values():
        assert [number for number, row in table.items() if row.ambiguous] == [(1, 1357046)]
        assert not [row for row in table.values() if row.retryable and (row.ambiguous or row.already_done)]


@pytest.mark.parametrize("platform", TABLES)
@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (502, b"<html>"), (504, b"{}"), (408, b""), (200, b"<html>"), (201, b"[1]")],
)
def test_an_answer_without_an_error_of_metas_is_ambiguous(platform: str, status: int, body: bytes) -> None:
    outcome = ADAPTERS[platform].result(status, {}, body)
    assert isinstance(outcome, SendError)
    assert outcome.ambiguous and not outcome.retryable


@pytest.mark.parametrize(
    ("status", "members", "code", "retryable"),
    [
        (400, {}, "unknown", False),
        (400, {"is_transient": True}, "temporary", True),
        (401, {}, "token_expired", False),
        (403, {}, "permission", False),
        (429, {}, "rate_limited", True),
        (500, {}, "temporary", True),
    ],
)
def test_an_unlisted_number_is_told_by_the_hint_and_the_status(
    status: int, members: dict[str, object], code: str, retryable: bool
) -> None:
    error = _answer("facebook", "987654", status, **members)
    assert (error.code, error.retryable, error.ambiguous) == (code, retryable, False)


def test_a_long_subcode_is_known_under_any_code() -> None:
    assert _answer("facebook", "100/2018278").code == "outside_window"
    assert _answer("facebook", "100/2018218").code == "unsupported"


def test_a_private_reply_that_was_given_is_said_to_be_done() -> None:
    assert _answer("facebook", "10900").already_done


def test_the_wait_is_the_answers_own_else_the_usage_else_the_documents() -> None:
    body = json.dumps({"error": {"code": 131056}}).encode()
    usage = {"x-business-use-case-usage": '{"1":[{"call_count":100,"estimated_time_to_regain_access":2}]}'}
    result = ADAPTERS["whatsapp"].result
    waits = [result(400, headers, body) for headers in ({"retry-after": "7", **usage}, usage, {})]
    assert [wait.retry_after for wait in waits if isinstance(wait, SendError)] == [7, 120, 4]


def test_details_are_metas_own() -> None:
    error = _answer("whatsapp", "132000", error_data={"details": "body: 2 instead of 3"})
    assert error.detail == "body: 2 instead of 3"
    assert _answer("whatsapp", "132000").detail == "words"


def test_an_error_of_a_failed_status_has_the_same_meaning() -> None:
    failure = ADAPTERS["whatsapp"].failure(Error(code="131047", title="Re-engagement", details="24 hours"))
    assert (failure.code, failure.platform_code, failure.title) == ("outside_window", 131047, "Re-engagement")
    assert ADAPTERS["whatsapp"].failure(Error()).code == "unknown"


@pytest.mark.parametrize(
    ("platform", "body", "expected"),
    [
        (
            "facebook",
            {"recipient_id": "6001", "message_id": "m_1"},
            Sent(message_id="m_1", recipient_id="6001"),
        ),
        ("facebook", {"recipient_id": 6001}, Sent(recipient_id="6001")),
        ("instagram", {"attachment_id": "55"}, Sent(media_id="55")),
        (
            "whatsapp",
            {"contacts": [{"input": "+1", "wa_id": "1"}], "messages": [{"id": "wamid.A"}]},
            Sent(message_id="wamid.A", input="+1", wa_id="1"),
        ),
        (
            "whatsapp",
            {
                "contacts": [{"input": "US.1", "user_id": "US.1"}],
                "messages": [{"id": "wamid.A", "group_id": "G", "message_status": "paused"}],
            },
            Sent(message_id="wamid.A", input="US.1", bsuid="US.1", group_id="G", held="paused"),
        ),
        ("whatsapp", {"success": True}, Sent()),
        ("whatsapp", {"id": "998"}, Sent(media_id="998")),
    ],
)
def test_what_was_taken_is_told_with_its_ids(platform: str, body: object, expected: Sent) -> None:
    assert ADAPTERS[platform].result(200, {}, json.dumps(body).encode()) == expected


def test_the_graph_numbers_hold_on_every_platform() -> None:
    assert all(GRAPH.keys() <= table.keys() for table in TABLES.values())
