"""People with what an element tells of them beyond the message: a consent, or that a group knows them."""

import sqlite3

from gateway.store.people import Pages, People
from gateway.store.records import Arrival
from gateway.store.sqlite.records.consents import Consents
from gateway.store.sqlite.records.contacts import Contacts
from gateway.store.sqlite.records.conversations import Conversations
from gateway.store.standing import Standing

_KEY = "SELECT key FROM contacts WHERE id = ?"
_MEET = "INSERT OR IGNORE INTO encounters (contact, page) VALUES (?, ?)"


class Circles(People):
    """Finds, makes, joins, and keeps what was said. Used by the writer only."""

    def __init__(
        self, connection: sqlite3.Connection, contacts: Contacts, conversations: Conversations, pages: Pages
    ) -> None:
        super().__init__(contacts, conversations, pages)
        self._execute = connection.cursor().execute
        self._known = contacts
        self.consents = Consents(connection)

    def stand(self, arrival: Arrival) -> Standing:
        """Where an element stands; most tell nothing else."""
        standing = super().stand(arrival)
        decoded = arrival.decoded
        if standing.contact is not None and (decoded.event.consent is not None or decoded.thread is not None):
            self._learn(arrival, standing, standing.contact.id)
        return standing

    def _learn(self, arrival: Arrival, standing: Standing, contact_id: str) -> None:
        (contact,) = self._execute(_KEY, (contact_id,)).fetchone()
        if arrival.decoded.thread is not None:
            self._execute(_MEET, (contact, standing.page))
        if self.consents.say(arrival.decoded.event, contact, standing.page):
            # Whoever is heard of next under a stale id is read anew, and found alive.
            self._known.forget()
