"""What of a picture's URL stays, and what tells nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.profile import Profile
from gateway.contacts.likeness import asset_of, is_nobodys, name_of

PICTURE = "https://scontent.example/v/t39/{name}?oh={signature}&oe=1"
NAME = "358123456_1029384756_5647382910_n.jpg"


def at(name: str, signature: str = "a") -> str:
    return PICTURE.format(name=name, signature=signature)


def test_two_urls_of_one_picture_are_alike() -> None:
    assert asset_of(at(NAME)) == asset_of(at(NAME, "b")) == "358123456_1029384756_5647382910"


@pytest.mark.parametrize("name", ["", "profilepic", "1_2_3_n.jpg"])
def test_an_address_need_not_say_which_picture_it_is(name: str) -> None:
    assert asset_of(at(name)) is None


def test_what_crowds_share_is_nobodys() -> None:
    asset = asset_of(at("143086968_2856368904622192_1959732218791162458_n.png"))
    assert asset is not None and is_nobodys(asset)
    assert not is_nobodys("358123456_1029384756_5647382910")


@given(st.text())
def test_any_url_is_read_without_a_fault(url: str) -> None:
    asset_of(url)


def test_a_name_is_the_whole_one() -> None:
    assert name_of(Profile(first_name="Ada", last_name="Lovelace")) == "Ada Lovelace"
    assert name_of(Profile(name="Ada L", first_name="Ada")) == "Ada L"
    assert name_of(Profile()) is None
