"""What of a picture's URL stays, and what tells nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.profile import Profile
from gateway.contacts.likeness import name_of, picture_of

PICTURE = "https://scontent.example/v/t39/{name}?oh={signature}&oe=1"
NAME = "358123456_1029384756_5647382910_n.jpg"


def shown(name: str, signature: str = "a") -> Profile:
    return Profile(profile_pic=PICTURE.format(name=name, signature=signature))


def test_two_urls_of_one_picture_are_alike() -> None:
    assert picture_of(shown(NAME)) == picture_of(shown(NAME, "b")) == "358123456_1029384756_5647382910"


@pytest.mark.parametrize(
    "name",
    ["", "profilepic", "1_2_3_n.jpg", "143086968_2856368904622192_1959732218791162458_n.png"],
)
def test_what_crowds_share_tells_nothing(name: str) -> None:
    assert picture_of(shown(name)) is None


@given(st.text())
def test_any_url_is_read_without_a_fault(url: str) -> None:
    picture_of(Profile(profile_pic=url))


def test_a_name_is_the_whole_one() -> None:
    assert name_of(Profile(first_name="Ada", last_name="Lovelace")) == "Ada Lovelace"
    assert name_of(Profile(name="Ada L", first_name="Ada")) == "Ada L"
    assert name_of(Profile()) is None
