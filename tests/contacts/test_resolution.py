"""Who is this? Decided from the identities alone, and never by a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.base import Identity, Person
from gateway.contacts.resolution import OWN, Known, Resolution, resolve


def bsuid(value: str) -> Identity:
    return Identity("bsuid", value, "900")


def wa_id(value: str) -> Identity:
    return Identity("wa_id", value, "900")


def person(*identities: Identity, asserted: bool = False) -> Person:
    return Person(identities=identities, asserted=asserted)


def known(*contacts: Known) -> dict[Identity, Known]:
    return {identity: contact for contact in contacts for identity in contact.identities}


def contact(since: int, *identities: Identity) -> Known:
    return Known(f"usr_{since}", since, identities)


def test_somebody_nobody_knows_is_new() -> None:
    assert resolve(person(bsuid("A")), {}) == Resolution(contact=None)


def test_a_known_identity_decides() -> None:
    ada = contact(1, bsuid("A"))
    assert resolve(person(bsuid("A"), wa_id("1")), known(ada)) == Resolution(contact=ada)


def test_a_new_number_with_a_known_user_id_is_the_same_person() -> None:
    ada = contact(1, bsuid("A"), wa_id("1"))
    assert resolve(person(bsuid("A"), wa_id("2")), known(ada)) == Resolution(contact=ada)


def test_a_known_number_with_another_user_id_is_somebody_else() -> None:
    ada = contact(1, bsuid("A"), wa_id("1"))
    assert resolve(person(bsuid("B"), wa_id("1")), known(ada)) == Resolution(contact=None, suspects=(ada,))


def test_a_pairing_joins_two_halves_of_one_person_as_the_older() -> None:
    by_number, by_id = contact(1, wa_id("1")), contact(2, bsuid("A"))
    found = resolve(person(bsuid("A"), wa_id("1")), known(by_number, by_id))
    assert found == Resolution(contact=by_number, joined=(by_id,))


def test_a_number_that_came_to_a_known_person_brings_its_former_owner_into_doubt() -> None:
    ada, bob = contact(1, bsuid("A"), wa_id("1")), contact(2, wa_id("2"))
    found = resolve(person(bsuid("A"), wa_id("2")), known(ada, bob))
    assert found == Resolution(contact=ada, suspects=(bob,))


def test_an_announced_change_joins_two_numbers() -> None:
    old, new = contact(1, wa_id("1")), contact(2, wa_id("2"))
    found = resolve(person(wa_id("2"), wa_id("1"), asserted=True), known(old, new))
    assert found == Resolution(contact=old, joined=(new,))


def test_an_announced_change_does_not_take_over_a_third_person() -> None:
    ada, bob = contact(1, bsuid("A"), wa_id("1")), contact(2, bsuid("B"), wa_id("2"))
    announced = person(bsuid("C"), bsuid("A"), wa_id("2"), wa_id("1"), asserted=True)
    assert resolve(announced, known(ada, bob)) == Resolution(contact=ada, suspects=(bob,))


def moved(since: int, *others: Identity) -> Known:
    """A contact that gave up number 1 and has number 2 now."""
    return Known(f"usr_{since}", since, (wa_id("1"), wa_id("2"), *others), former=(wa_id("1"),))


@pytest.mark.parametrize("heir", [person(wa_id("1")), person(bsuid("B"), wa_id("1"))])
def test_a_number_that_was_given_up_brings_somebody_new(heir: Person) -> None:
    ada = moved(1)
    assert resolve(heir, known(ada)) == Resolution(contact=None, suspects=(ada,))


@pytest.mark.parametrize("own", [bsuid("A"), wa_id("2")])
def test_a_number_that_was_given_up_speaks_not_against_its_former_owner(own: Identity) -> None:
    ada = moved(1, bsuid("A"))
    assert resolve(person(own, wa_id("1")), known(ada)) == Resolution(contact=ada)


def test_a_message_to_a_number_that_was_given_up_went_to_its_former_owner() -> None:
    ada = moved(1)
    assert resolve(person(wa_id("1")), known(ada), addressed=True) == Resolution(contact=ada)
    stranger = resolve(person(bsuid("B"), wa_id("1")), known(ada), addressed=True)
    assert stranger == Resolution(contact=None, suspects=(ada,))


def test_a_person_with_rotated_user_ids_is_known_by_the_newest() -> None:
    ada = contact(1, bsuid("A"), bsuid("B"), wa_id("1"))
    assert resolve(person(bsuid("B"), wa_id("1")), known(ada)) == Resolution(contact=ada)


identities = st.builds(
    Identity,
    st.sampled_from(["bsuid", "wa_id", "psid"]),
    st.sampled_from("abcd"),
    st.sampled_from(["900", "901"]),
)
people = st.builds(
    Person,
    identities=st.lists(identities, min_size=1, max_size=4, unique=True).map(tuple),
    asserted=st.booleans(),
)
unannounced = st.builds(
    Person,
    identities=st.lists(
        identities, min_size=1, max_size=3, unique_by=lambda identity: (identity.kind, identity.scope)
    ).map(tuple),
)


class Book:
    """What a store does with the decisions."""

    def __init__(self) -> None:
        self.owners: dict[Identity, int] = {}
        self.last = 0

    def contact(self, since: int) -> Known:
        return contact(since, *(one for one, owner in self.owners.items() if owner == since))

    def meet(self, somebody: Person) -> tuple[int, Resolution]:
        owners = {one: self.contact(self.owners[one]) for one in somebody.identities if one in self.owners}
        found = resolve(somebody, owners)
        self.last += found.contact is None
        key = self.last if found.contact is None else found.contact.since
        joined = {other.since for other in found.joined}
        self.owners = {one: key if owner in joined else owner for one, owner in self.owners.items()}
        self.owners |= dict.fromkeys(somebody.identities, key)
        return key, found


@given(st.lists(people, max_size=12))
def test_everybody_concerned_is_in_the_decision_once_and_the_oldest_stays(crowd: list[Person]) -> None:
    book = Book()
    for somebody in crowd:
        concerned = {book.owners[one] for one in somebody.identities if one in book.owners}
        key, found = book.meet(somebody)
        same = {found.contact, *found.joined} - {None}
        decided = [*(one.since for one in same if one), *(one.since for one in found.suspects)]
        assert sorted(decided) == sorted(concerned)
        assert key == min((one.since for one in same if one), default=key)


@given(st.lists(people, max_size=12))
def test_who_comes_again_is_the_same_without_further_doubt(crowd: list[Person]) -> None:
    book = Book()
    for somebody in crowd:
        key, _ = book.meet(somebody)
        again, found = book.meet(replace(somebody))
        assert again == key and not found.joined and not found.suspects


@given(st.lists(unannounced, max_size=20))
def test_without_an_announcement_nobody_has_two_ids_of_their_own_kind(crowd: list[Person]) -> None:
    book = Book()
    for somebody in crowd:
        book.meet(somebody)
    for since in set(book.owners.values()):
        own = [(one.kind, one.scope) for one in book.contact(since).identities if one.kind in OWN]
        assert len(own) == len(set(own))
