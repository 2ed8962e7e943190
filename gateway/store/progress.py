"""How a message moves from stage to stage: every transition there is. Pure; all stores use these.

    waiting ─claimed─▶ leased ─begun─▶ begun ─accepted─▶ leased (next part) or done
       ▲                 │               ├─failing, postponed─▶ waiting
       └──── expired ────┘               ├─unsettled─▶ unsettled ─reported─▶ waiting (next part) or done
                                         └─refused─▶ done             └─given_up─▶ done

What the platform reports (an echo, a status) counts at any stage and in any order: a report can come before
the answer to the request that caused it.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from adapters.sending import SendError
from gateway.store.outbox import DOUBT_MS, HOLD_MS, LEASE_MS, SETTLE_MS
from gateway.store.outgoing import Message, MessageState, Part, Progress, SendOutcome

SENT = "message.sent"
SEND_FAILED = "message.send_failed"
SEND_UNKNOWN = "message.send_unknown"
RANKS = {"sent": 1, "delivered": 2, "read": 3, "played": 3}
"""What a status says, as the rank of a part."""
_CLAIMED = ("leased", "begun", "unsettled")
_STATES: tuple[MessageState, ...] = ("queued", "sent", "delivered", "read")


class Move(Struct, frozen=True):
    """What a message became, and the event that it is worth."""

    progress: Progress
    event: str | None = None


def queued(message: Message) -> Progress:
    """The first state."""
    return Progress(parts=tuple(Part() for _ in message.requests), due_at=message.created_at)


def next_part(progress: Progress) -> int | None:
    """The first part that the platform has not taken; None: it has all."""
    return next((number for number, part in enumerate(progress.parts) if not part.rank), None)


def sent_ids(progress: Progress) -> tuple[str, ...]:
    """The platform's ids of the parts that it has taken."""
    return tuple(part.message_id for part in progress.parts if part.message_id is not None)


def holds_until(progress: Progress) -> int | None:
    """Until when the next one of its line waits for it; None: as long as it is open."""
    if progress.failing_since is None:
        return None
    return progress.failing_since + (DOUBT_MS if progress.stage == "unsettled" else HOLD_MS)


def claimed(progress: Progress, now: int) -> Progress:
    """Leased by a process, under a new claim number."""
    return replace(progress, stage="leased", claim=progress.claim + 1, due_at=now + LEASE_MS)


def handed_over(message: Message, progress: Progress) -> Progress:
    """The account has another owner: who holds the message would send it for the former one."""
    if progress.stage != "leased":
        return progress
    return replace(progress, stage="waiting", claim=progress.claim + 1, due_at=message.created_at)


def begun(progress: Progress, part: int, now: int) -> Progress:
    """A request is about to be written."""
    first = progress.begun_at or now
    return replace(progress, stage="begun", in_flight=part, begun_at=first, due_at=now + LEASE_MS)


def taken(message_id: str | None, at: int) -> Part:
    """A part that the platform has taken, and nothing more is known."""
    return Part(message_id=message_id, rank=RANKS["sent"], at=at)


def foretold(message: Message, progress: Progress, ranks: Sequence[int], at: int) -> Progress:
    """What was told of the parts before anybody knew that it was about them: a rank for each.

    It counts for what the platform has taken; a watermark alone does not say that it took anything.
    """
    for number, rank in enumerate(ranks):
        if progress.parts[number].rank:
            progress = reported(message, progress, number, Part(rank=rank), at).progress
    return progress


def passed_by(part: Part, watermarks: Iterable[tuple[int, int]]) -> int:
    """The highest rank whose watermark, in the platform's milliseconds, lies at or behind the part."""
    return max((rank for rank, mark in watermarks if part.at is not None and part.at <= mark), default=0)


def accepted(message: Message, progress: Progress, part: int, told: Part, at: int) -> Move:
    """The answer says that a part was taken: the same process goes on with the next one."""
    move = reported(message, progress, part, told, at)
    if move.progress.stage == "done":
        return move
    return Move(replace(move.progress, stage="leased", due_at=at + LEASE_MS, tried=0), move.event)


def reported(message: Message, progress: Progress, part: int, told: Part, at: int) -> Move:
    """The platform has told how far a part is. A lower rank than before changes nothing."""
    known = progress.parts[part]
    newer = Part(
        message_id=known.message_id or told.message_id,
        rank=max(known.rank, told.rank),
        at=min((one.at for one in (known, told) if one.at is not None), default=None),
    )
    parts = (*progress.parts[:part], newer, *progress.parts[part + 1 :])
    progress = replace(progress, parts=parts)
    reached = min(one.rank for one in parts)
    if not reached:
        return Move(_unblocked(progress, part, at))
    event = SENT if progress.sent_at is None and not message.signal else None
    return Move(_advanced(progress, reached, at), event)


def _unblocked(progress: Progress, part: int, at: int) -> Progress:
    """A part was taken and others are left: they can go, unless a process is at it."""
    if progress.stage != "unsettled":
        return progress
    return replace(progress, stage="waiting", state="queued", due_at=at, error=None)


def _advanced(progress: Progress, reached: int, at: int) -> Progress:
    """All parts are taken. A failure is final unless a later delivery contradicts it."""
    if progress.state == "failed" and progress.sent_at is not None and reached < RANKS["delivered"]:
        return progress
    return replace(
        progress,
        stage="done",
        due_at=None,
        state=_STATES[reached],
        error=None,
        failed_at=None,
        sent_at=progress.sent_at or at,
        delivered_at=progress.delivered_at or (at if reached >= RANKS["delivered"] else None),
        read_at=progress.read_at or (at if reached >= RANKS["read"] else None),
    )


def postponed(progress: Progress, due_at: int) -> Move:
    """Not now, by no fault of the message."""
    return Move(replace(progress, stage="waiting", due_at=due_at))


def failing(progress: Progress, error: SendError, due_at: int, now: int) -> Move:
    """Failed, certainly not sent, and due again."""
    return Move(
        replace(
            progress,
            stage="waiting",
            due_at=due_at,
            tried=progress.tried + 1,
            failing_since=progress.failing_since or now,
            error=error,
        )
    )


def unsettled(message: Message, progress: Progress, error: SendError, now: int) -> Move:
    """Perhaps sent: an echo or a status may tell. What may be repeated is due again."""
    if message.repeatable:
        return failing(progress, error, now, now)
    return Move(
        replace(
            progress,
            stage="unsettled",
            state="unknown",
            due_at=now + SETTLE_MS,
            failing_since=progress.failing_since or now,
            error=error,
        )
    )


def refused(progress: Progress, error: SendError, now: int) -> Move:
    """Refused for good, by the answer or by a status that came later."""
    if progress.state in ("delivered", "read", "failed"):
        return Move(progress)
    failed = replace(progress, stage="done", state="failed", due_at=None, error=error, failed_at=now)
    return Move(failed, SEND_FAILED)


def given_up(progress: Progress) -> Move:
    """Nothing has settled it, nothing will."""
    return Move(replace(progress, stage="done", state="unknown", due_at=None), SEND_UNKNOWN)


def expired(message: Message, progress: Progress, now: int) -> Move:
    """Its process died, or took too long. Only a request that cannot have been begun is made again."""
    in_doubt = progress.stage == "begun" and not progress.parts[progress.in_flight].rank
    if not in_doubt:
        return Move(replace(progress, stage="waiting", due_at=now))
    error = SendError(code="unknown", retryable=False, ambiguous=True, title="The answer was lost")
    return unsettled(message, progress, error, now)


def concluded(message: Message, progress: Progress, outcome: SendOutcome) -> Move:
    """What an outcome makes of a message, whose claim may be another one's by now."""
    sent_id = None if outcome.sent is None else outcome.sent.message_id
    told = taken(sent_id, outcome.at if outcome.taken_at is None else outcome.taken_at)
    holds = progress.claim == outcome.job.progress.claim and progress.stage in _CLAIMED
    known = progress.parts[outcome.part].rank > 0
    if not holds:
        if outcome.step != "accepted":
            return Move(progress)
        return reported(message, progress, outcome.part, told, outcome.at)
    if outcome.step == "accepted" or known:
        return accepted(message, progress, outcome.part, told, outcome.at)
    return _moved(message, progress, outcome)


def _moved(message: Message, progress: Progress, outcome: SendOutcome) -> Move:
    error = outcome.error or SendError(code="unknown", retryable=False)
    due_at = outcome.at if outcome.due_at is None else outcome.due_at
    match outcome.step:
        case "postponed":
            return postponed(progress, due_at)
        case "failing":
            return failing(progress, error, due_at, outcome.at)
        case "unsettled":
            return unsettled(message, progress, error, outcome.at)
        case "refused":
            return refused(progress, error, outcome.at)
        case _:
            return given_up(progress)
