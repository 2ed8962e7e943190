"""Where people stood when they came by the last time: most come back as they were, and stand there again."""

from msgspec import Struct

from adapters.base import Decoded, Identity
from adapters.event import Contact
from gateway.store.placement import may_have_conversation
from gateway.store.recent import Recent
from gateway.store.redis.records.contact_row import contact_cell, read_row
from gateway.store.redis.records.view import Cell, View
from gateway.store.standing import StoredContact

_REMEMBERED = 50_000
_Name = tuple[str, str, tuple[Identity, ...]]
"""Platform, page, and the person's identities."""


class Acquaintance(Struct, frozen=True, gc=False):
    """What follows from a contact's record, for as long as the record says the same."""

    cell: Cell
    text: str
    contact: Contact
    page: int
    conversation_id: str


class Acquaintances:
    """Remembers for one process. Whose the identities are need not be asked again for whoever is found here:
    to give one to somebody else changes the record of its contact too.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._known: Recent[_Name, Acquaintance] = Recent(_REMEMBERED)

    def has(self, decoded: Decoded) -> bool:
        """Whether the person came by not long ago: its records are probably known here."""
        person, event = decoded.person, decoded.event
        if person is None:
            return False
        return self._known.get((event.platform, event.page_id, person.identities)) is not None

    def find(self, decoded: Decoded) -> Acquaintance | None:
        """None: it has to be decided who the person is, what is new, and where it belongs. Raises Missing."""
        person, event = decoded.person, decoded.event
        if person is None or person.former or decoded.thread is not None:
            return None
        found = self._known.get((event.platform, event.page_id, person.identities))
        if found is None or self._view.get(found.cell) != found.text or not may_have_conversation(decoded):
            return None
        contact = found.contact
        if person.name is not None and person.name != contact.name:
            return None
        return found if person.username is None or person.username == contact.username else None

    def remember(self, decoded: Decoded, contact: StoredContact, page: int) -> None:
        """The person is this contact, and has a conversation with the page."""
        person, event, cell = decoded.person, decoded.event, contact_cell(contact.key)
        text = self._view.get(cell)
        row = read_row(text)
        stale = row.rare is not None and row.rare.stale
        if person is None or person.former or contact.former or stale:
            return
        known = Acquaintance(cell, text, contact.public, page, row.conversations[str(page)])
        self._known.put((event.platform, event.page_id, person.identities), known)
