"""People with what an element tells of them beyond the message: a consent, or that a group knows them."""

from adapters.base import Decoded
from gateway.store.people import People
from gateway.store.records import Arrival
from gateway.store.redis.intake.acquaintances import Acquaintances
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.records.consents import say
from gateway.store.redis.records.contacts import Contacts
from gateway.store.redis.records.conversations import Conversations
from gateway.store.redis.records.view import View
from gateway.store.standing import Standing, StoredContact


class Circles(People):
    """Finds, makes, joins, and keeps what was said; for one decision at a time."""

    def __init__(
        self, view: View, contacts: Contacts, conversations: Conversations, acquaintances: Acquaintances
    ) -> None:
        super().__init__(contacts, conversations, Pages())
        self._view = view
        self._known = contacts
        self._talks = conversations
        self._acquaintances = acquaintances

    def stand(self, arrival: Arrival) -> Standing:
        """Where an element stands; most tell nothing else."""
        decoded = arrival.decoded
        known = self._acquaintances.find(decoded)
        if known is not None:
            standing = Standing(known.page, known.contact, self._talks.read(known.conversation_id))
            if decoded.event.consent is None:
                return standing
        else:
            standing = super().stand(arrival)
        if standing.contact is not None and (decoded.event.consent is not None or decoded.thread is not None):
            self._learn(arrival, standing)
        return standing

    def _stand_as(self, decoded: Decoded, page: int, contact: StoredContact) -> Standing:
        standing = super()._stand_as(decoded, page, contact)
        if decoded.thread is None:
            self._acquaintances.remember(decoded, contact, page)
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
