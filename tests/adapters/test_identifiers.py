"""Deterministic ids."""

import hashlib
import re

from hypothesis import given
from hypothesis import strategies as st

from adapters._identifiers import content_id, conversation_id, event_id

PARTS = st.lists(st.text(max_size=6), min_size=1, max_size=4).map(tuple)


def test_ids_look_as_documented_and_never_change() -> None:
    assert event_id("facebook", "1001", "messaging.message", "m_1") == "evt_pgwnmumrsw33uyizzzhrxzbtqr"
    assert conversation_id("instagram", "1001", "igsid", "7001") == "conv_ig_enfuvxkadcqdtng7vhtw"
    assert re.fullmatch(r"evt_[a-z2-7]{26}", event_id("whatsapp", "1", "value.statuses", "wamid.1", "sent"))
    assert re.fullmatch(r"conv_fb_[a-z2-7]{20}", conversation_id("facebook", "1", "psid", "2"))


@given(PARTS, PARTS)
def test_different_parts_give_different_ids(some: tuple[str, ...], others: tuple[str, ...]) -> None:
    first, second = event_id("facebook", "1", "k", *some), event_id("facebook", "1", "k", *others)
    assert (first == second) == (some == others)


def test_an_id_is_sha256_over_the_length_prefixed_parts() -> None:
    digest = hashlib.sha256("8:facebook4:100117:messaging.message3:mü¹".encode()).digest()
    characters = "".join("abcdefghijklmnopqrstuvwxyz234567"[byte % 32] for byte in digest[:26])
    assert event_id("facebook", "1001", "messaging.message", "mü¹") == f"evt_{characters}"


def test_parts_do_not_run_into_each_other() -> None:
    assert event_id("facebook", "1", "k", "ab", "c") != event_id("facebook", "1", "k", "a", "bc")
    assert event_id("facebook", "1", "k", "1:a") != event_id("facebook", "1", "k", "1", "a")


def test_everything_in_it_tells_a_conversation_apart() -> None:
    base = ("facebook", "1001", "psid", "7001")
    variations = [
        ("instagram", "1001", "psid", "7001"),
        ("facebook", "1002", "psid", "7001"),
        ("facebook", "1001", "user_ref", "7001"),
        ("facebook", "1001", "psid", "7002"),
    ]
    ids = {conversation_id(*variation) for variation in [base, *variations]}
    assert len(ids | {conversation_id(*base, generation=1)}) == 6


def test_content_decides_where_there_are_no_ids() -> None:
    same = content_id("facebook", "1001", "messaging.optin", b"{}")
    assert same == content_id("facebook", "1001", "messaging.optin", b"{}")
    assert same != content_id("facebook", "1001", "messaging.optin", b'{"a":1}')


def test_a_further_platform_needs_no_entry_here() -> None:
    assert conversation_id("telegram", "1", "user", "2").startswith("conv_telegram_")
