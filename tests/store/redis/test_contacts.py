"""Contacts by what one process remembers, while others change them."""

from uuid import UUID

import pytest

from adapters.base import Identity
from gateway.store.redis.layout.keys import Keys
from gateway.store.redis.records.contact_row import contact_cell, identity_cell, name_cell
from gateway.store.redis.records.contacts import Contacts
from gateway.store.redis.records.view import ABSENT, Missing, View
from gateway.vault import Vault
from tests.store.samples import NOW, PAGE

PERSON = Identity("psid", "2001", PAGE)


@pytest.fixture
def view() -> View:
    """A process that does not know yet that contact 5 is another one now."""
    made = View(lambda: UUID(int=1))
    made.begin(NOW, [])
    made.learn(contact_cell(5), ABSENT)
    made.learn(identity_cell("facebook", PERSON), "5")
    made.learn(name_cell("usr_1"), "5")
    return made


def test_an_identity_that_leads_to_a_contact_that_is_no_more_is_fetched_again(view: View) -> None:
    with pytest.raises(Missing) as missing:
        Contacts(view, Keys(0), Vault(b"k" * 32).fingerprints).owner("facebook", PERSON)
    assert missing.value.cell == identity_cell("facebook", PERSON) and not view.has(missing.value.cell)


def test_an_id_that_leads_to_a_contact_that_is_no_more_is_fetched_again(view: View) -> None:
    with pytest.raises(Missing) as missing:
        Contacts(view, Keys(0), Vault(b"k" * 32).fingerprints).key_of("usr_1")
    assert missing.value.cell == name_cell("usr_1") and not view.has(missing.value.cell)
