"""`{"reply": …}` in a customer's answer to a delivery: sent once, however often the event is delivered."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from adapters.outgoing import OutgoingMessage, Recipient, TextMessage
from adapters.sending import SendError, Unsendable
from gateway.deliver.exchange import BODY_LIMIT, Exchange
from gateway.log import line, logger
from gateway.nesting import DEEPEST, too_deep
from gateway.send.composition import Composer, Unknown, Wish, addressee_of
from gateway.send.courier import Courier
from gateway.store.base import Store
from gateway.store.endpoint import Endpoint
from gateway.store.outgoing import Message
from gateway.store.records import Job

ANSWERABLE = frozenset(
    {
        "message.received",
        "postback.received",
        "referral.received",
        "reaction.added",
        "conversation.opened",
        "contact.opted_in",
    }
)
"""What a person did. A reply to anything else (our own `message.sent`) could go round for ever."""
_ALPHABET = b"abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 26
_MARK = b'"reply'
_SUCCESS = range(200, 300)


class _Answer(Struct, frozen=True):
    reply: Any = None


class _Said(Struct, frozen=True):
    """What of an event is needed to answer it."""

    event: str
    platform: str = ""
    page_id: str = ""
    waba_id: str | None = None
    conversation_id: str | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    from_kind: str | None = None
    standby: bool = False
    test: bool = False


class Replies:
    """Puts replies into the outbox, under an id that event and endpoint give."""

    def __init__(
        self,
        store: Store,
        composer: Composer,
        courier: Courier,
        send: Callable[[str, str], None],
        wake: Callable[[str], None],
    ) -> None:
        self._store = store
        self._composer = composer
        self._courier = courier
        self._send = send
        self._wake = wake

    def wants(self, endpoint: Endpoint, exchange: Exchange) -> bool:
        """Whether there may be a reply in the answer."""
        succeeded = exchange.error is None and (exchange.status or 0) in _SUCCESS
        spoken = _MARK in exchange.body or _claims_json(exchange)
        return endpoint.replies and succeeded and bool(exchange.body) and spoken

    async def hear(self, endpoint: Endpoint, job: Job, exchange: Exchange) -> None:
        """Keep the reply, or the reason why it cannot be sent. Raises StoreUnavailable."""
        said = msgspec.json.decode(job.body, type=_Said)
        if said.event not in ANSWERABLE or said.standby or said.test:
            return
        if await self._store.event(endpoint.customer_id, job.event_id) is None:
            return  # erased while it was on the wire: nobody is there to be answered
        identifier, reply = reply_id(job.event_id, endpoint.id), None
        try:
            reply = _reply(exchange, job)
            if reply is None:
                return
            message = await self._composer.compose(_wish(said, reply), endpoint.customer_id, identifier)
        except Unsendable as error:
            refusal = SendError(code=error.code, retryable=False, title=error.field, detail=error.detail)
            await self._refuse(await self._unsent(said, reply, endpoint, identifier), refusal)
        except Unknown as error:
            refusal = SendError(code="permission", retryable=False, scope="account", detail=str(error))
            await self._refuse(await self._unsent(said, reply, endpoint, identifier), refusal)
        else:
            await self._store.outbox.add(message)
            self._send(message.platform, message.page_id)

    async def _unsent(self, said: _Said, reply: Any, endpoint: Endpoint, identifier: str) -> Message:
        """The message as far as it can be told."""
        known = None
        if said.conversation_id is not None:
            known = await self._store.outbox.conversation(endpoint.customer_id, said.conversation_id)
        addressee = None if known is None else addressee_of(known)
        return Message(
            id=identifier,
            customer_id=endpoint.customer_id,
            platform=said.platform,
            page_id=said.page_id,
            waba_id=said.waba_id,
            to=_sender(said) if addressee is None else addressee.to or _sender(said),
            identity=None if addressee is None else addressee.identity,
            conversation_id=said.conversation_id,
            line=said.conversation_id or identifier,
            content=reply if isinstance(reply, dict) else {"type": "text", "body": reply},
            requests=(),
            created_at=0,
        )

    async def _refuse(self, message: Message, error: SendError) -> None:
        now = self._courier.clock()
        message = msgspec.structs.replace(message, created_at=now)
        routes = self._courier.routes(message)
        for endpoint_id in await self._store.outbox.refuse(message, error, routes):
            self._wake(endpoint_id)


def reply_id(event_id: str, endpoint_id: str) -> str:
    """`msg_` + 26 characters: the same for every delivery of an event to an endpoint."""
    digest = hashlib.sha256(f"reply:{event_id}:{endpoint_id}".encode()).digest()
    return "msg_" + "".join(chr(_ALPHABET[byte & 31]) for byte in digest[:_LENGTH])


def _claims_json(exchange: Exchange) -> bool:
    return "json" in exchange.headers.get("content-type", "").lower()


def _reply(exchange: Exchange, job: Job) -> Any:
    """What stands under `reply`; None: nothing. Raises Unsendable for a reply that cannot be read."""
    fault = None
    try:
        if not too_deep(exchange.body):
            return msgspec.json.decode(exchange.body, type=_Answer).reply
        fault = f"has more than {DEEPEST} objects and lists in each other"
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        fault = f"cannot be read as JSON: {error}"
    if len(exchange.body) >= BODY_LIMIT:
        fault = f"is longer than the {BODY_LIMIT} bytes that are read"
    claims = _claims_json(exchange)
    if _MARK in exchange.body and (claims or exchange.body.lstrip().startswith(b"{")):
        raise Unsendable("invalid", "reply", f"The answer {fault}")
    if claims:
        logger.warning(line("answer not read", delivery=job.delivery_id, reason=f"it {fault}"))
    return None


def _wish(said: _Said, reply: Any) -> Wish:
    """Raises Unsendable for what is no message."""
    if isinstance(reply, str) and reply:
        message: OutgoingMessage = TextMessage(body=reply)
    else:
        try:
            message = msgspec.convert(reply, OutgoingMessage)
        except msgspec.ValidationError as error:
            raise Unsendable("invalid", "reply", str(error)) from None
    if said.conversation_id is not None:
        return Wish(message=message, conversation_id=said.conversation_id)
    return Wish(message=message, platform=said.platform, page_id=said.page_id, to=said.from_)


def _sender(said: _Said) -> Recipient:
    kind = said.from_kind if said.from_kind in ("psid", "igsid", "wa_id", "bsuid") else "psid"
    return msgspec.convert({"kind": kind, "value": said.from_ or "unknown"}, Recipient)
