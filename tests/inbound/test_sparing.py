"""What is left of an element for customers who do not want all of it stored."""

import pytest
from msgspec.structs import replace

from gateway.inbound.sparing import spared
from gateway.store.keeping import EVERYTHING, Keeping, together
from tests.store.samples import message, wa

NAMED = replace(wa(("wa_id", "4915"), name="Ada"), username="ada")
ELEMENT = message("m_1", NAMED, platform="whatsapp").decoded


def test_usually_all_of_it_is_stored() -> None:
    assert spared(ELEMENT, EVERYTHING) is ELEMENT


def test_without_its_bytes_an_element_is_the_same_event() -> None:
    found = spared(ELEMENT, Keeping(raw=False))
    assert (found.envelope, found.event, found.person) == (b"", ELEMENT.event, NAMED)


@pytest.mark.parametrize(
    ("fields", "name", "username"),
    [((), None, None), (("username",), None, "ada"), (("name", "locale"), "Ada", None)],
)
def test_of_the_names_those_are_stored_that_are_wanted(
    fields: tuple[str, ...], name: str | None, username: str | None
) -> None:
    person = spared(ELEMENT, Keeping(profile=fields)).person
    assert person == replace(NAMED, name=name, username=username)


def test_what_one_of_several_customers_keeps_is_kept() -> None:
    spare = Keeping(raw=False, content=False, profile=("locale",))
    assert together([]) == together([spare, EVERYTHING]) == EVERYTHING
    assert together([spare, Keeping(raw=False, profile=("name",))]) == Keeping(
        raw=False, content=True, profile=("locale", "name")
    )
