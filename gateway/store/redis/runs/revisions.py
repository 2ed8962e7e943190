"""What a re-normalisation changes in one shard, decided and committed at once with what is new there.

A shard remembers the step that was applied to it last and its counts: a step that is done again, because the
process died before the run had moved, changes nothing twice and counts nothing twice.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from gateway.store.admission import Entry
from gateway.store.base import StoreUnavailable
from gateway.store.placement import is_numbered
from gateway.store.records import Arrival
from gateway.store.redis.intake.admission import ShardAdmissions
from gateway.store.redis.intake.deciding import Decision
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.blobs import Blob, Head, StoredBody
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.records.view import ABSENT, Cell, ever_cell
from gateway.store.renormalisation import Revision, Supersession
from gateway.store.revising import message_of, revised_body

_decoder = msgspec.json.Decoder(tuple[str, int, int])


class Part(Struct, kw_only=True):
    """What of a step belongs to one shard. Keys are those of the shard."""

    run_id: str
    begins: str
    at: int
    dry_run: bool
    revisions: list[tuple[int, Revision]]
    supersessions: list[tuple[int, Supersession]]
    additions: list[tuple[list[int], Arrival]]
    """With the keys of what they were read from here."""

    @property
    def run_cell(self) -> Cell:
        """Where the shard remembers the run."""
        return "renormalised", self.run_id

    @property
    def keys(self) -> list[int]:
        """Of the events that it may change."""
        return [key for key, _ in (*self.revisions, *self.supersessions)]

    @property
    def needs(self) -> list[Cell]:
        """Records that the decision reads."""
        ids = [one.decoded.event.id for _, one in self.additions]
        sources = [key for keys, _ in self.additions for key in keys]
        return [self.run_cell, *map(_head_cell, (*self.keys, *sources)), *map(ever_cell, ids)]


class Applied(Struct, frozen=True):
    """What came of a part; counts of the whole step, however often it was begun."""

    revised: int
    added: int
    revisions: tuple[Revision, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def woken(self) -> list[str]:
        """Endpoints with something due."""
        routed = [route.endpoint_id for one in self.revisions for route in one.routes]
        return routed + [name for entry in self.entries for name in entry.handover.waiting]


class Rewrite(Struct, frozen=True, kw_only=True):
    """What an event is from now on."""

    key: int
    head: Head
    content: StoredBody
    at: int
    about: str = ""
    """Name, platform and page; empty: as they are."""
    joined: str = ""
    """The conversation that it has from now on, if it had none."""
    endpoint_ids: tuple[str, ...] = ()
    """Which get it, whatever they had of it."""

    def packed(self) -> list[Any]:
        """As the script takes it."""
        content = self.content if self.head.has_element else replace(self.content, envelope=None)
        event = blobs.as_text(blobs.pressed(self.head, content))
        return [str(self.key), self.about or False, self.joined or False, event, self.at, *self.endpoint_ids]


class Revisions:
    """Changes what is in one shard."""

    def __init__(self, shard: ShardAdmissions) -> None:
        self._shard = shard
        self._pages = Pages()

    async def apply(self, part: Part, events: Mapping[int, bytes]) -> Applied:
        """`events`: those that it may change, as they are. Raises StoreUnavailable."""
        read = {key: blobs.unpacked(event) for key, event in events.items()}
        decision = Decision(lambda: self._make(part, read), part.at, part.needs)
        applied: Applied = await self._shard.deciding.decide(decision)
        return applied

    def _make(self, part: Part, read: Mapping[int, Blob]) -> Applied:
        before = self._before(part)
        new = [one for keys, one in part.additions if self._is_new(keys, one)]
        if part.dry_run:
            return Applied(len(part.revisions), len(new))
        made = [
            one for key, one in part.revisions if key in read and self._revise(key, one, read[key], part.at)
        ]
        for key, supersession in part.supersessions:
            if key in read:
                self._supersede(key, supersession, read[key], part.at)
        entries = [self._shard.decisions.admit(one) for one in new]
        counts = (before[0] + len(made), before[1] + len(new))
        if counts != before:
            self._shard.view.put(part.run_cell, msgspec.json.encode((part.begins, *counts)).decode())
        return Applied(*counts, tuple(made), tuple(entries))

    def _is_new(self, keys: Iterable[int], arrival: Arrival) -> bool:
        """Whether it was never taken in, and what it was read from was not erased meanwhile."""
        heads = [self._head(key) for key in keys]
        there = all(head is not None and not head.emptied for head in heads)
        return there and not self._shard.decisions.ever_took(arrival)

    def _before(self, part: Part) -> tuple[int, int]:
        """What the step had done here when it was begun before."""
        text = self._shard.view.get(part.run_cell)
        begins, revised, added = ("", 0, 0) if text == ABSENT else _decoder.decode(text)
        return (revised, added) if begins == part.begins else (0, 0)

    def _revise(self, key: int, revision: Revision, read: Blob, at: int) -> bool:
        """Whether the event was still what it was compared with."""
        head = self._head(key)
        if head is None or head.superseded or head.emptied or head.revision != revision.revision:
            return False
        event, joined, standing = revision.decoded.event, "", None
        if not head.conversation_id:
            standing = self._shard.people.recall(revision.decoded, at)
            joined = "" if standing.conversation is None else standing.conversation.id
        conversation_id = head.conversation_id or joined
        if conversation_id:
            page = self._pages.page(event.platform, event.page_id)
            self._shard.conversations.make_known(conversation_id, message_of(revision, page))
        numbered = bool(conversation_id) and is_numbered(event.event)
        after = replace(
            head, conversation_id=conversation_id, numbered=numbered, revision=revision.revision + 1
        )
        content = replace(read.content, body=revised_body(revision, standing))
        rewrite = Rewrite(
            key=key,
            head=after,
            content=content,
            at=at,
            about=f"{event.event} {event.platform} {event.page_id}",
            joined=joined,
            endpoint_ids=tuple(route.endpoint_id for route in revision.routes),
        )
        self._shard.view.change.rewrites += (rewrite.packed(),)
        return True

    def _supersede(self, key: int, supersession: Supersession, read: Blob, at: int) -> None:
        """The event stays readable, and says what it is today."""
        head = self._head(key)
        if head is None or head.emptied:
            return
        if head.revision != read.head.revision:
            raise StoreUnavailable("an event was revised while another step was being applied")
        content = replace(read.content, superseded_by=supersession.by)
        after = replace(head, superseded=True)
        rewrite = Rewrite(key=key, head=after, content=content, at=at)
        self._shard.view.change.rewrites += (rewrite.packed(),)

    def _head(self, key: int) -> Head | None:
        text = self._shard.view.get(_head_cell(key))
        return None if text == ABSENT else blobs.head_of(text)


def _head_cell(key: int) -> Cell:
    return "heads", str(key)
