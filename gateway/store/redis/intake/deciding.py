"""One shard's decisions: what arrives together is decided together and committed by one script.

Whatever a decision has read and the commit finds otherwise (another process was faster) is learnt, and
that decision is made again; the others of the group are committed.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, field

from gateway.store.base import StoreUnavailable
from gateway.store.redis.intake.entries import Pending
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.view import ABSENT, Cell, Change, Missing, View, unknown
from gateway.store.redis.server.together import Together

_COMMIT, _LOOK = shard_script("records/changes", "intake/commit"), shard_script("records/look")
_REWRITE = shard_script("events/again", "intake/rewrite", "records/changes", "intake/commit")
_ATTEMPTS = 100
"""Each fetches a record or loses a race; nobody loses so many."""
_WRONG = False
"""What an answer begins with that says what does not hold."""
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()


class Decision(Struct):
    """Something to decide about elements that came at this moment; `needs`: what it will read, if known."""

    make: Callable[[], Any]
    at: int
    needs: Sequence[Cell] = ()
    drawn: list[UUID] = field(default_factory=list)
    """The ids that it has made."""
    answer: Any = None
    """What it returned, or how it failed."""


class Deciding:
    """Decides and commits for one shard, one group at a time."""

    def __init__(self, shards: Shards, shard: int, view: View) -> None:
        self._shards = shards
        self._shard = shard
        self._view = view
        self._together: Together[Decision, Any] = Together(self._run)
        self.close = self._together.close

    def decide(self, decision: Decision) -> Awaitable[Any]:
        """What the decision returned; it is committed. Raises StoreUnavailable, or what it raised."""
        return self._together.ask(decision)

    async def _run(self, decisions: Sequence[Decision]) -> list[Any]:
        try:
            await self._settle(decisions)
        except Exception:
            self._view.forget()
            raise
        self._view.forget_ids()
        return [decision.answer for decision in decisions]

    async def _settle(self, decisions: Sequence[Decision]) -> None:
        await self._look({cell for decision in decisions for cell in decision.needs})
        left = list(decisions)
        for _ in range(_ATTEMPTS):
            made, missing = self._make(left)
            lost = await self._commit(made) if made else []
            await self._look(missing)
            done = {id(decision) for decision, _ in made} - {id(decision) for decision in lost}
            left = [one for one in left if id(one) not in done and not isinstance(one.answer, Exception)]
            if not left:
                return
        raise StoreUnavailable("too many others change the same records")

    def _make(self, decisions: Iterable[Decision]) -> tuple[list[tuple[Decision, Change]], set[Cell]]:
        """Decide what can be decided with what is known; what else has to be."""
        self._view.restart()
        made: list[tuple[Decision, Change]] = []
        missing: set[Cell] = set()
        for decision in decisions:
            try:
                self._view.begin(decision.at, decision.drawn)
                decision.answer = decision.make()
                made.append((decision, self._view.accept()))
            except Missing as error:
                missing.add(error.cell)
            except Exception as error:
                decision.answer = error
        return made, missing

    async def _look(self, cells: Iterable[Cell]) -> None:
        wanted = [part for cell in unknown(self._view, cells) for part in cell]
        if wanted:
            found = await self._shards.run(self._shard, _LOOK, _encoder.encode(wanted), repeatable=True)
            self._learn(_decoder.decode(found))

    async def _commit(self, made: Sequence[tuple[Decision, Change]]) -> list[Decision]:
        """Which of them were decided on what is not so."""
        requests = [change.packed([one.packed() for one in change.events]) for _, change in made]
        script = _REWRITE if any(change.rewrites for _, change in made) else _COMMIT
        packed = _encoder.encode(requests)
        answers = await self._shards.run(self._shard, script, packed, self._shards.database)
        lost = []
        for (decision, change), answer in zip(made, _decoder.decode(answers), strict=True):
            if answer and answer[0] is _WRONG:
                self._learn(answer[1])
                self._learn_ids(change, answer[2])
                lost.append(decision)
            else:
                self._committed(change, answer)
        return lost

    def _committed(self, change: Change, stored: Sequence[Any]) -> None:
        self._view.keep(change.values)
        events: list[Pending] = change.events
        told = iter(stored)
        for pending in events:
            pending.hand_over(self._shard, told)

    def _learn(self, found: Sequence[Any]) -> None:
        for place, name, value in zip(found[::3], found[1::3], found[2::3], strict=True):
            self._view.learn((place, name), value or ABSENT)

    def _learn_ids(self, change: Change, wrong: Sequence[int]) -> None:
        presumed = list(change.seen.items())
        for index in wrong:
            event_id, known = presumed[int(index)]
            if not known:
                self._view.learn_id(event_id)
