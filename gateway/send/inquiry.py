"""Looks for a message that nothing has settled: Messenger and Instagram show what was said."""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound
from adapters.event import Event
from adapters.sending import SendError, Sent, Unsendable
from gateway.graph import NotAnswered, NotSent
from gateway.send.composition import sending_account
from gateway.send.courier import Courier
from gateway.store.outbox import SETTLE_MS, Outbox
from gateway.store.outgoing import Message, MessageFilter, Progress, SendJob, SendOutcome
from gateway.store.records import PageRequest

UNTIL_MS = 3 * SETTLE_MS
"""After this time without an answer from the platform, the message stays unknown."""
_SKEW_MS = 5_000
"""How far apart the clocks of Meta and of the gateway may be."""
_NEIGHBOURS = 100


class Inquiry:
    """Settles what can be settled; the rest is `message.send_unknown`."""

    def __init__(self, outbox: Outbox, courier: Courier, wake: Callable[[str], None]) -> None:
        self._outbox = outbox
        self._courier = courier
        self._wake = wake

    async def settle(self, job: SendJob) -> SendJob | None:
        """Find it or give it up. Returns the job if parts are left to be sent. Raises StoreUnavailable."""
        now, part = self._courier.clock(), job.progress.in_flight
        history = await self._history(job.message)
        if history is None and now - (job.progress.begun_at or now) < UNTIL_MS:
            return None  # Asked again when the lease has run out.
        found = await self._found(job, history or ())
        outcome = SendOutcome(
            job=job,
            step="given_up" if found is None else "accepted",
            part=part,
            at=now,
            sent=None if found is None else Sent(message_id=found[0]),
            taken_at=None if found is None else found[1],
            error=job.progress.error,
            routes=self._courier.routes(job.message),
        )
        (settlement,) = await self._outbox.finish([outcome])
        for endpoint_id in settlement.waiting:
            self._wake(endpoint_id)
        going_on = settlement.progress.stage == "leased"
        return replace(job, progress=settlement.progress) if going_on else None

    async def _history(self, message: Message) -> tuple[Event, ...] | None:
        """What was said to the person of late; None: the platform did not answer."""
        account = self._courier.account(message)
        identity = message.identity
        if account is None or account.access_token is None or identity is None:
            return ()
        adapter, whose = ADAPTERS[message.platform], sending_account(account)
        try:
            request = adapter.history_request(identity, whose)
            answer = await self._courier.ask(request, account.access_token)
        except Unsendable:
            return ()
        except (NotSent, NotAnswered):
            return None
        envelopes = adapter.history_result(answer.status, answer.headers, answer.body, whose)
        if isinstance(envelopes, SendError):
            return None if envelopes.retryable or envelopes.ambiguous else ()
        return tuple(_events(message.platform, envelopes))

    async def _found(self, job: SendJob, history: tuple[Event, ...]) -> tuple[str, int] | None:
        """The one text that is ours and of no other message: its id and moment; None: not so sure."""
        begun_at = job.progress.begun_at or job.message.created_at
        alike = {
            event.message.id: event.timestamp_ms
            for event in history
            if event.message is not None
            and event.message.id is not None
            and event.event == "message.echo"
            and event.timestamp_ms >= begun_at - _SKEW_MS
            and event.message.body == _text(job.message, job.progress)
        }
        claimed = await self._claimed(job.message, begun_at)
        unclaimed = [found for found in alike.items() if found[0] not in claimed]
        return unclaimed[0] if len(unclaimed) == 1 else None

    async def _claimed(self, message: Message, begun_at: int) -> set[str | None]:
        """The ids of what else was sent from the page around that time."""
        which = MessageFilter(platform=message.platform, page_id=message.page_id, since=begun_at - SETTLE_MS)
        page = await self._outbox.messages(message.customer_id, which, PageRequest(limit=_NEIGHBOURS))
        others = (one for one in page.data if one.message.id != message.id)
        return {part.message_id for one in others for part in one.progress.parts}


def _events(platform: str, envelopes: tuple[bytes, ...]) -> Iterator[Event]:
    for envelope in envelopes:
        for one in ADAPTERS[platform].decode(Inbound(body=envelope)):
            if isinstance(one, Decoded):
                yield one.event


def _text(message: Message, progress: Progress) -> str:
    """What the part in flight says; empty where it is no text, and empty is what no text is."""
    body = message.requests[progress.in_flight].json or {}
    said = body.get("message")
    text = said.get("text") if isinstance(said, dict) else None
    return text if isinstance(text, str) else ""
