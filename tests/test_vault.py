"""Secrets at rest open only with the right key and in the right place."""

import pytest

from gateway.vault import Vault, WrongKey

KEY = bytes(range(32))


def test_a_sealed_secret_opens_again_and_looks_different_each_time() -> None:
    vault = Vault(KEY)
    first, second = vault.seal("whsec_x", "endpoint:1"), vault.seal("whsec_x", "endpoint:1")
    assert first != second
    assert vault.open(first, "endpoint:1") == vault.open(second, "endpoint:1") == "whsec_x"
    assert b"whsec_x" not in first


def test_another_key_another_place_or_a_changed_byte_does_not_open() -> None:
    sealed = Vault(KEY).seal("whsec_x", "endpoint:1")
    for vault, value, place in (
        (Vault(bytes(32)), sealed, "endpoint:1"),
        (Vault(KEY), sealed, "endpoint:2"),
        (Vault(KEY), sealed[:-1] + bytes([sealed[-1] ^ 1]), "endpoint:1"),
        (Vault(KEY), b"", "endpoint:1"),
    ):
        with pytest.raises(WrongKey):
            vault.open(value, place)


def test_the_first_key_seals_and_older_ones_open() -> None:
    old, new = Vault(KEY), Vault(bytes(32))
    both = Vault(bytes(32), KEY)
    assert both.open(old.seal("whsec_x", "endpoint:1"), "endpoint:1") == "whsec_x"
    assert new.open(both.seal("whsec_x", "endpoint:1"), "endpoint:1") == "whsec_x"


def test_what_is_sealed_anew_opens_with_the_first_key_alone() -> None:
    sealed = Vault(bytes(32), KEY).resealed(Vault(KEY).seal("whsec_x", "endpoint:1"), "endpoint:1")
    assert Vault(bytes(32)).open(sealed, "endpoint:1") == "whsec_x"
    with pytest.raises(WrongKey):
        Vault(KEY).open(sealed, "endpoint:1")


def test_no_key_shows_in_the_repr() -> None:
    shown = repr(Vault(KEY, bytes(32)))
    assert KEY.hex() not in shown and str(KEY) not in shown


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short")
