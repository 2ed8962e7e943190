"""Events that get another content, or another event in their place."""

import sqlite3

from gateway.store.people import People
from gateway.store.renormalisation import Revision, Supersession
from gateway.store.revising import message_of, revised_body
from gateway.store.sqlite.events.redelivery import Redeliveries
from gateway.store.sqlite.layout.registry import Registry
from gateway.store.sqlite.records.conversations import Conversations
from gateway.store.standing import Standing

_STANDS = """
    SELECT page, conversation FROM events WHERE key = ? AND revision = ? AND superseded_by IS NULL
    AND NOT EXISTS (SELECT 1 FROM emptying WHERE event = events.key AND gone)
"""
_REVISE = "UPDATE events SET name = ?, body = ?, revision = ?, conversation = ? WHERE key = ?"
_RENAME = (
    "UPDATE listings SET name = ? WHERE event = ? AND customer IN (SELECT 0 UNION SELECT key FROM customers)"
)
_MAKE_KNOWN = "UPDATE places SET message = ? WHERE conversation = ? AND event = ? AND message IS NULL"
_SUPERSEDE = "UPDATE events SET superseded_by = ? WHERE key = ?"


class Revisions:
    """Used by the writer only."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        registry: Registry,
        people: People,
        conversations: Conversations,
        redeliveries: Redeliveries,
    ) -> None:
        self._execute = connection.cursor().execute
        self._registry = registry
        self._people = people
        self._conversations = conversations
        self._redeliveries = redeliveries

    def revise(self, revision: Revision, at: int) -> list[str] | None:
        """Endpoints where a delivery is due anew; None: the event is not what it was compared with."""
        row = self._execute(_STANDS, (revision.place, revision.revision)).fetchone()
        if row is None:
            return None
        page, conversation = row
        standing = None
        if conversation is None:
            standing = self._people.recall(revision.decoded, at)
            conversation = self._settle(revision, standing)
        else:
            self._make_known(revision, page, conversation)
        name, body = revision.decoded.event.event, revised_body(revision, standing)
        self._execute(_REVISE, (name, body, revision.revision + 1, conversation, revision.place))
        self._execute(_RENAME, (name, revision.place))
        return self._deliver(revision, at)

    def supersede(self, supersession: Supersession) -> None:
        """The event stays readable, and says what it is today."""
        self._execute(_SUPERSEDE, (" ".join(supersession.by), supersession.place))

    def _settle(self, revision: Revision, standing: Standing) -> int | None:
        """Give the event a conversation at last. A number in it would be a second one for what came later."""
        if standing.conversation is None:
            return None
        message = message_of(revision, standing.page)
        self._conversations.advanced(standing.conversation, revision.place, message)
        return standing.conversation.key

    def _make_known(self, revision: Revision, page: int, conversation: int) -> None:
        """It may turn out only now which message the event brought."""
        message = message_of(revision, page)
        if message is not None:
            self._execute(_MAKE_KNOWN, (message, conversation, revision.place))

    def _deliver(self, revision: Revision, at: int) -> list[str]:
        endpoints = (self._registry.endpoint(route.endpoint_id) for route in revision.routes)
        wanting = [one for one in endpoints if one is not None and not one.pulls]
        for endpoint in wanting:
            self._redeliveries.renew(endpoint, revision.place, at)
        return [endpoint.id for endpoint in wanting]
