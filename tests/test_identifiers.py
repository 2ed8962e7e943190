"""Ids and keys."""

import re

from gateway.identifiers import new_id, new_key


def test_an_id_says_what_it_is_of() -> None:
    assert re.fullmatch(r"ep_[a-z2-7]{26}", new_id("ep"))


def test_a_key_has_256_random_bits() -> None:
    assert re.fullmatch(r"gw_[A-Za-z0-9_-]{43}", new_key())


def test_no_two_are_alike() -> None:
    made = [new_id("acc") for _ in range(1000)] + [new_key() for _ in range(1000)]
    assert len(set(made)) == 2000
