"""What becomes of a shard's records when a person leaves: decided as everything else about people is."""

import msgspec

from adapters.base import Identity
from gateway.contacts.resolution import GIVEN
from gateway.store.departed import Fingerprints, marks
from gateway.store.erasure import ErasurePlan
from gateway.store.redis.central.owners import Owned
from gateway.store.redis.erasure.trail import Trace, goes_whole, own_pages
from gateway.store.redis.layout.keys import Keys
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.records.consents import read_consents
from gateway.store.redis.records.contact_row import (
    ContactRow,
    ProfileRow,
    consents_cell,
    contact_cell,
    departed_cell,
    identity_cell,
    name_cell,
    name_mark,
    picture_cell,
    profile_cell,
)
from gateway.store.redis.records.contacts import Contacts
from gateway.store.redis.records.conversations import Conversations, conversation_cell
from gateway.store.redis.records.view import ABSENT, View

_pages = Pages()


class Leaving:
    """One decision per shard, about all contacts there that are the person."""

    def __init__(self, plan: ErasurePlan, known: Trace, owned: Owned, fingerprints: Fingerprints) -> None:
        """`known`: what all shards know together."""
        self._plan = plan
        self._fingerprints = fingerprints
        self._known = known
        self._own = own_pages(plan, owned)
        self._whole = goes_whole(plan, known, owned)

    def decide(self, view: View) -> Trace:
        """Delete, and tell what there was. Raises Missing."""
        contacts = Contacts(view, Keys(0), self._fingerprints)
        conversations = Conversations(view, Keys(0), contacts)
        trace = Trace()
        for key in self._keys(contacts):
            row = contacts.row(key)
            trace.add(row)
            gone = [page for page in row.conversations if self._whole or page in self._own]
            for page in gone:
                if view.get(conversation_cell(row.conversations[page])) == ABSENT:
                    # Another process takes the same person, and was faster than the look at the contact.
                    raise view.doubt(contact_cell(key))
                trace.conversations |= dict.fromkeys(conversations.erase(row.conversations[page]), page)
            if self._whole:
                self._forget(view, key, row)
            else:
                self._keep_others_side(view, key, row)
                contacts.put(key, row)
        if self._whole:
            self._remember(view, trace)
        return trace

    def _remember(self, view: View, trace: Trace) -> None:
        """What still comes about the person makes nobody of the ids that they had."""
        identities = {*trace.identities, *self._known.identities, *self._plan.identities}
        for hashes in marks(self._fingerprints, self._plan.platform, identities):
            view.put(departed_cell(hashes[0]), str(view.change.period))

    def _keys(self, contacts: Contacts) -> list[int]:
        found = {contacts.key_of(one) for one in self._known.contact_ids}
        found |= {
            contacts.owner_key(self._plan.platform, one)
            for one in self._known.identities
            if one.kind not in GIVEN
        }
        return sorted(key for key in found if key is not None)

    def _forget(self, view: View, key: int, row: ContactRow) -> None:
        for name in (row.id, *(row.rare.aliases if row.rare else ())):
            view.put(name_cell(name), ABSENT)
        for held in row.identities:
            identity = Identity(*held[:3])
            view.put(identity_cell(self._plan.platform, identity), ABSENT)
            self._forget_profile(view, identity)
        view.put(consents_cell(key), ABSENT)
        view.put(contact_cell(key), ABSENT)

    def _forget_profile(self, view: View, identity: Identity) -> None:
        """With the mark of the name at the picture, unless others have left theirs there too."""
        cell = profile_cell(self._plan.platform, identity)
        told = view.get(cell)
        name, picture = msgspec.json.decode(told, type=ProfileRow).looks if told else (None, None)
        if name is not None and picture is not None:
            place = picture_cell(self._plan.platform, identity.scope, picture)
            if view.get(place) == name_mark(name):
                view.put(place, ABSENT)
        view.put(cell, ABSENT)

    def _keep_others_side(self, view: View, key: int, row: ContactRow) -> None:
        """A customer's pages know the person no more; those of the others do."""
        row.conversations = {page: one for page, one in row.conversations.items() if page not in self._own}
        if row.rare is not None:
            row.rare.met = [page for page in row.rare.met if page not in self._own]
        said = read_consents(view.get(consents_cell(key)))
        kept = [one for one in said if str(_pages.page(self._plan.platform, one[0])) not in self._own]
        view.put(consents_cell(key), msgspec.json.encode(kept).decode() if kept else ABSENT)
