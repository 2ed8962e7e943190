"""Where an element stands among pages, people and conversations, and what it tells of people."""

from msgspec import Struct

from adapters.base import Decoded
from adapters.event import Contact, Event
from gateway.store.derived import identity_changed, identity_suspected
from gateway.store.placement import is_about_addressee, may_have_conversation
from gateway.store.records import Arrival
from gateway.store.sqlite.contacts import Contacts, Meeting
from gateway.store.sqlite.conversations import Conversation, Conversations
from gateway.store.sqlite.registry import Registry


class Standing(Struct, frozen=True):
    """The page of an element, its person, its conversation."""

    page: int
    contact: Contact | None = None
    conversation: Conversation | None = None
    news: tuple[Event, ...] = ()
    """What became known of people by this element, as events that come before it."""
    previous_conversation_id: str | None = None
    """The conversation of a contact that this element joined to another one."""


class People:
    """Used by the writer only."""

    def __init__(self, contacts: Contacts, conversations: Conversations, registry: Registry) -> None:
        self._contacts = contacts
        self._conversations = conversations
        self._registry = registry

    def stand(self, arrival: Arrival) -> Standing:
        """Find, make or join the contact and the conversation of an element."""
        decoded = arrival.decoded
        event, person = decoded.event, decoded.person
        page = self._registry.page(event.platform, event.page_id)
        if not may_have_conversation(decoded):
            return Standing(page)
        if person is None or not person.identities:
            if decoded.thread is None:
                return Standing(page)
            return Standing(page, None, self._conversations.of(decoded, page, decoded.thread))
        addressed = is_about_addressee(event.event)
        meeting = self._contacts.meet(event.platform, person, arrival.received_at, addressed=addressed)
        if meeting.joined or meeting.suspects:
            return self._stand_with_news(arrival, page, meeting)
        partner = decoded.thread or meeting.contact.key
        return Standing(page, meeting.contact.public, self._conversations.of(decoded, page, partner))

    def recall(self, decoded: Decoded, at: int) -> Standing:
        """Where an old element stands that had no person when it came. It tells nothing new of anybody."""
        event, person = decoded.event, decoded.person
        page = self._registry.page(event.platform, event.page_id)
        if not may_have_conversation(decoded):
            return Standing(page)
        contact = None
        if person is not None and person.identities:
            contact = self._contacts.recall(event.platform, person, at)
        if contact is None:
            group = decoded.thread and self._conversations.of(decoded, page, decoded.thread)
            return Standing(page, None, group or None)
        partner = decoded.thread or contact.key
        return Standing(page, contact.public, self._conversations.of(decoded, page, partner))

    def _stand_with_news(self, arrival: Arrival, page: int, meeting: Meeting) -> Standing:
        cause, contact = arrival.decoded.event, meeting.contact
        news: list[Event] = []
        previous = None
        for joined in meeting.joined:
            previous = self._conversations.join(page, contact.key, joined.key) or previous
            if cause.identity is None:
                # Otherwise the element itself is the news, and names the previous conversation.
                news.append(identity_changed(cause, joined.public, contact.public, previous))
        for suspect in meeting.suspects:
            other = self._conversations.id_of(page, suspect.key)
            news.append(identity_suspected(cause, suspect.public, contact.public, other))
        partner = arrival.decoded.thread or contact.key
        conversation = self._conversations.of(arrival.decoded, page, partner)
        return Standing(page, contact.public, conversation, tuple(news), previous)
