"""What an element tells of a person beyond the message: a consent, or that a group's page knows them."""

import sqlite3

from adapters.base import Decoded
from gateway.store.sqlite.consents import Consents
from gateway.store.sqlite.people import Standing

_KEY = "SELECT key FROM contacts WHERE id = ?"
_MEET = "INSERT OR IGNORE INTO encounters (contact, page) VALUES (?, ?)"


class Circles:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute
        self.consents = Consents(connection)

    def learn(self, decoded: Decoded, standing: Standing) -> bool:
        """Most elements tell nothing of the kind. Whether identities became stale."""
        if standing.contact is None or (decoded.event.consent is None and decoded.thread is None):
            return False
        (contact,) = self._execute(_KEY, (standing.contact.id,)).fetchone()
        if decoded.thread is not None:
            self._execute(_MEET, (contact, standing.page))
        return self.consents.say(decoded.event, contact, standing.page)
