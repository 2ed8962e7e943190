"""Where an element stands among pages, people and conversations, and what it tells of people."""

from typing import Protocol

from adapters.base import Decoded, Identity, Person
from adapters.event import Event
from gateway.store.derived import identity_changed, identity_suspected
from gateway.store.placement import may_have_conversation, role_of
from gateway.store.records import Arrival
from gateway.store.standing import Conversation, Meeting, Role, Standing, StoredContact


class Contacts(Protocol):
    """How a store knows people."""

    def meet(self, platform: str, person: Person, at: int, role: Role) -> Meeting:
        """The contact that a person is, made or changed as their identities demand. Raises Departed."""
        ...

    def recall(self, platform: str, person: Person, at: int) -> StoredContact | None: ...

    def owner(self, platform: str, identity: Identity) -> StoredContact | None: ...


class Conversations(Protocol):
    """How a store knows conversations."""

    def of(self, decoded: Decoded, page: int, partner: int | str) -> Conversation:
        """The conversation of an element with a contact (its key) or with a group (its id)."""
        ...

    def id_of(self, page: int, contact: int) -> str | None:
        """The id of a contact's conversation with a page."""

    def join(self, page: int, contact: int, joined: int) -> str | None:
        """Two contacts are one: on every page the older conversation goes on, the other is history.

        Returns the id of the one that ended on this page.
        """

    def knows(self, conversation: Conversation, message: int) -> bool:
        """Whether a message was seen in the conversation, or in one that goes on as this one."""
        ...

    def start(self, conversation: Conversation) -> None:
        """Its first message is here."""


class Pages(Protocol):
    """How a store names pages."""

    def page(self, platform: str, page_id: str) -> int: ...


class People:
    """Finds, makes, joins."""

    def __init__(self, contacts: Contacts, conversations: Conversations, pages: Pages) -> None:
        self._contacts = contacts
        self._conversations = conversations
        self._pages = pages

    def stand(self, arrival: Arrival) -> Standing:
        """Find, make or join the contact and the conversation of an element. Raises Departed."""
        decoded = arrival.decoded
        event, person = decoded.event, decoded.person
        page = self._pages.page(event.platform, event.page_id)
        if not may_have_conversation(decoded):
            return Standing(page)
        if person is None or not person.identities:
            if decoded.thread is None:
                return Standing(page)
            return Standing(page, None, self._conversations.of(decoded, page, decoded.thread))
        meeting = self._contacts.meet(event.platform, person, arrival.received_at, role_of(arrival))
        if meeting.joined or meeting.suspects:
            return self._stand_with_news(arrival, page, meeting)
        return self._stand_as(decoded, page, meeting.contact)

    def knows(self, platform: str, identity: Identity) -> bool:
        """Whether it is anybody's."""
        return self._contacts.owner(platform, identity) is not None

    def _stand_as(self, decoded: Decoded, page: int, contact: StoredContact) -> Standing:
        """With a contact of whom nothing else became known."""
        partner = decoded.thread or contact.key
        return Standing(page, contact.public, self._conversations.of(decoded, page, partner))

    def recall(self, decoded: Decoded, at: int) -> Standing:
        """Where an old element stands that had no person when it came. It tells nothing new of anybody."""
        event, person = decoded.event, decoded.person
        page = self._pages.page(event.platform, event.page_id)
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
