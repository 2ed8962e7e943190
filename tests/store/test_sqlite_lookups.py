"""What finding a person costs in the file: every step a search by an index, however many people and pages."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.base import Identity
from adapters.outgoing import Recipient
from gateway.store.contact import ContactFilter, KnownContact
from gateway.store.records import Account, Page, PageRequest
from gateway.store.sqlite import SqliteStore
from gateway.store.sqlite.contacts.conversations import read_conversation
from gateway.store.sqlite.contacts.lists import list_contacts
from gateway.store.sqlite.contacts.reads import read_addressee as read_consent
from gateway.store.sqlite.contacts.reads import read_contact, read_profile
from gateway.store.sqlite.outbox.reads import read_addressee
from gateway.store.sqlite.records.contacts import Contacts
from gateway.store.sqlite.records.conversations import Conversations
from gateway.vault import Vault
from tests.store.samples import NOW, PAGE, message, psid

pytestmark = pytest.mark.anyio

Work = Callable[[sqlite3.Connection], object]
_PAGES = 40
_PSID = Identity("psid", "1", PAGE)
_WA_ID = Recipient(kind="phone", value="+5511999990000")
_REQUEST = PageRequest()


def _met(connection: sqlite3.Connection) -> object:
    contacts = Contacts(connection, uuid4, lambda _: ("00",))
    conversations = Conversations(connection)
    contact = contacts.meet("facebook", psid("1"), NOW, "speaking").contact
    return conversations.of(message("m_2", psid("1")).decoded, 1, contact.key)


def _listed(customer_id: str | None, **narrowed: Any) -> Callable[[sqlite3.Connection], Page[KnownContact]]:
    which = ContactFilter(identity="1", **narrowed)
    return lambda connection: list_contacts(connection, customer_id, which, _REQUEST)


def _named(connection: sqlite3.Connection) -> object:
    (contact,) = _listed("default")(connection).data
    (conversation,) = contact.conversations
    return (
        read_contact(connection, "default", contact.id),
        read_conversation(connection, "default", conversation.id),
    )


_LOOKUPS: dict[str, Work] = {
    "before sending, who it is": lambda one: read_addressee(
        one, "facebook", PAGE, Recipient(kind="psid", value="1")
    ),
    "before sending, by a number": lambda one: read_addressee(one, "whatsapp", "555001", _WA_ID),
    "before sending, what was agreed": lambda one: read_consent(one, "facebook", PAGE, _PSID),
    "the profile": lambda one: read_profile(one, "facebook", _PSID),
    "the customer's contact": _listed("default"),
    "the customer's contact on a page": _listed("default", page_id=PAGE, kind="psid"),
    "the operator's contact": _listed(None),
    "the operator's contact on a page": _listed(None, page_id=PAGE, platform="facebook"),
    "a contact and a conversation by their ids": _named,
    "a message arrives": _met,
}


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[Path]:
    """Two people who are known to the first of a customer's many pages."""
    path = tmp_path / "gateway.db"
    store = SqliteStore(path, Vault(bytes(32)))
    await store.open()
    for number in range(_PAGES):
        page_id = str(int(PAGE) + number)
        account = Account(
            id=f"acc_{number}",
            customer_id="default",
            platform="facebook",
            page_id=page_id,
            created_at=NOW,
        )
        await store.put_account(account)
    await store.accept([message("m_1", psid("1")), message("m_2", psid("2"))])
    yield path
    await store.close()


def _statements(path: Path, work: Work) -> list[str]:
    """What was asked of the file, with the values in it."""
    steps: list[str] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.set_trace_callback(steps.append)
        work(connection)
        connection.set_trace_callback(None)
    return steps


@pytest.mark.parametrize("work", _LOOKUPS.values(), ids=_LOOKUPS)
async def test_whoever_is_looked_for_is_found_by_index(file: Path, work: Work) -> None:
    statements = _statements(file, work)
    assert statements
    with closing(sqlite3.connect(file)) as connection:
        plans = {one: connection.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in statements}
    scanned = {one: step for one, plan in plans.items() for *_, step in plan if step.startswith("SCAN")}
    assert not scanned


async def test_a_look_up_asks_as_much_of_forty_pages_as_of_one(file: Path) -> None:
    statements = _statements(file, _listed("default"))
    assert len(statements) < 12
