"""Meta's limits, kept before Meta has to say so."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.outgoing import Recipient
from adapters.sending import Usage
from gateway.send.pace import PAIR_BURST, PAIR_MS, Pace
from gateway.store.outgoing import Message
from tests.store.whole.outgoing import outgoing

NOW = 1_767_225_600_000


def text(to: str = "1", kind: str = "text", **facts: Any) -> Message:
    return outgoing(to=Recipient(kind="wa_id", value=to), line=to, content={"type": kind}, **facts)


def sent_in(pace: Pace, message: Message, milliseconds: int) -> int:
    """How many went in that time, asked every millisecond."""
    return sum(pace.wait_ms(message, NOW + moment) == 0 for moment in range(milliseconds))


def test_a_page_sends_no_more_than_300_texts_a_second() -> None:
    assert 290 <= sent_in(Pace("facebook"), text(), 1_000) <= 300


def test_a_page_sends_no_more_than_10_videos_a_second() -> None:
    assert sent_in(Pace("instagram"), text(kind="video"), 1_000) == 10


def test_a_number_sends_no_more_than_80_messages_a_second() -> None:
    pace = Pace("whatsapp")
    sent = sum(pace.wait_ms(text(str(moment)), NOW + moment) == 0 for moment in range(1_000))
    assert 78 <= sent <= 80


def test_a_burst_to_one_person_is_lent_and_paid_back() -> None:
    pace = Pace("whatsapp")
    assert sent_in(pace, text(), PAIR_MS) == PAIR_BURST
    over = NOW + PAIR_BURST * PAIR_MS
    assert pace.wait_ms(text(), NOW + PAIR_MS) == over - NOW - PAIR_MS
    assert pace.wait_ms(text("another"), NOW + PAIR_MS) == 0
    assert pace.wait_ms(text(), over) == 0


def test_a_typing_indicator_is_no_message_to_the_person() -> None:
    pace = Pace("whatsapp")
    sent_in(pace, text(), PAIR_MS)
    assert pace.wait_ms(text(signal=True), NOW + PAIR_MS) == 0


@given(st.lists(st.integers(0, 20_000), max_size=200))
def test_no_pattern_of_asking_gets_more_than_the_pair_rate(moments: list[int]) -> None:
    pace, began, count = Pace("whatsapp"), 0, 0
    for moment in sorted(moments):
        if pace.wait_ms(text(), NOW + moment):
            continue
        if moment - began >= count * PAIR_MS:
            began, count = moment, 0
        count += 1
        assert moment - began < PAIR_MS and count <= PAIR_BURST


def test_an_account_stops_until_its_access_is_regained() -> None:
    pace = Pace("facebook")
    pace.heed([Usage(kind="business", percent=100, regain_access_seconds=120)], NOW)
    assert pace.wait_ms(text(), NOW) == 120_000
    assert pace.wait_ms(text(), NOW + 120_000) == 0


def test_an_account_slows_down_when_little_is_left() -> None:
    pace = Pace("facebook")
    pace.heed([Usage(kind="page", percent=50)], NOW)
    assert pace.stopped_ms(NOW) == 0
    pace.heed([Usage(kind="page", percent=95)], NOW)
    assert 0 < pace.stopped_ms(NOW) < pace.stopped_ms(NOW - 1_000)
