"""People with what an element tells of them beyond the message: a consent, or that a group knows them."""

from gateway.store.people import People
from gateway.store.records import Arrival
from gateway.store.redis.consents import say
from gateway.store.redis.contacts import Contacts
from gateway.store.redis.conversations import Conversations
from gateway.store.redis.pages import Pages
from gateway.store.redis.view import View
from gateway.store.standing import Standing


class Circles(People):
    """Finds, makes, joins, and keeps what was said; for one decision at a time."""

    def __init__(self, view: View, contacts: Contacts, conversations: Conversations, pages: Pages) -> None:
        super().__init__(contacts, conversations, pages)
        self._view = view
        self._known = contacts

    def stand(self, arrival: Arrival) -> Standing:
        """Where an element stands; most tell nothing else."""
        standing = super().stand(arrival)
        decoded = arrival.decoded
        if standing.contact is not None and (decoded.event.consent is not None or decoded.thread is not None):
            self._learn(arrival, standing)
        return standing

    def _learn(self, arrival: Arrival, standing: Standing) -> None:
        event, person = arrival.decoded.event, arrival.decoded.person
        # All of the person's identities are the contact's by now.
        key = None if person is None else self._known.owner_key(event.platform, person.identities[0])
        if key is None:
            return
        row, page = self._known.row(key), str(standing.page)
        changed = say(self._view, event, key, row)
        if arrival.decoded.thread is not None and page not in row.pages:
            row.more.met.append(page)
            changed = True
        if changed:
            self._known.put(key, row)
