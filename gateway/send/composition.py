"""From what somebody wants to say to a message that can go out, or why it cannot. No Graph call."""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from adapters import ADAPTERS
from adapters import sending as contract
from adapters.base import Identity
from adapters.outgoing import MessageTag as MessageTag
from adapters.outgoing import MessagingType as MessagingType
from adapters.outgoing import (
    Outgoing,
    OutgoingMessage,
    Recipient,
    RecipientKind,
    Signal,
    TemplateMessage,
    ThreadControlMessage,
)
from adapters.outgoing import Sender as Sender
from adapters.sending import Unsendable
from adapters.window import can_send, decide
from gateway.clock import Clock
from gateway.contacts.consent import Purpose, consent_refusal
from gateway.directory import Directory
from gateway.send.commenters import commenter
from gateway.send.uploads import check_uploads
from gateway.store.base import Store
from gateway.store.outgoing import Addressee, Message, StoredConversation
from gateway.store.records import Account

_KINDS: dict[str, tuple[RecipientKind, ...]] = {
    "facebook": ("psid",),
    "instagram": ("igsid",),
    "whatsapp": ("wa_id", "bsuid"),
}
"""How each platform names a person, the best first."""
_SCOPED: tuple[tuple[str, RecipientKind], ...] = (("facebook", "psid"), ("instagram", "igsid"))
"""Where ids belong to one page each."""
_CONFUSABLE = frozenset({"psid", "igsid", "wa_id", "phone", "user_ref"})
"""Kinds that are digits, or anything."""
_NO_PAGE = ""
"""Asks the store under which pages an id is known at all."""
_INSTAGRAM_LOGIN = "IG"
"""What the tokens of Instagram Login begin with; those of a Page begin with `EA`."""


class Wish(Struct, frozen=True, kw_only=True):
    """What somebody wants to say to whom: to a recipient, or into a conversation."""

    message: OutgoingMessage
    platform: str | None = None
    page_id: str | None = None
    to: Recipient | str | None = None
    """A text is an id as events have it in `from`."""
    conversation_id: str | None = None
    reply_to: str | None = None
    tag: str | None = None
    sender: Sender = "bot"
    messaging_type: MessagingType | None = None
    message_tag: MessageTag | None = None
    override: dict[str, Any] | None = None


class Unknown(Exception):
    """There is no such thing, or it is somebody else's."""

    def __init__(self, what: str, identifier: str) -> None:
        super().__init__(f"no {what} {identifier}")
        self.what = what
        self.identifier = identifier


class Composer:
    """Knows whose pages there are and who has written to them."""

    def __init__(self, store: Store, directory: Directory, clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock

    async def compose(self, wish: Wish, customer_id: str | None, message_id: str) -> Message:
        """The message, ready for the outbox. Raises Unknown, Unsendable, StoreUnavailable."""
        account, addressee = await self._address(wish, customer_id)
        if account.access_token is None:
            detail = "has no access token: give it one with `POST /v1/accounts`"
            raise Unsendable("permission", "page_id", detail)
        if addressee.to is None:
            raise Unsendable("invalid", "conversation_id", "has nobody in it who can be written to")
        self._check_scope(addressee, account, customer_id)
        outgoing = self._outgoing(wish, addressee.to, addressee, message_id)
        await self._check_consent(outgoing, addressee)
        content = msgspec.to_builtins(wish.message)
        await check_uploads(content, account, self._directory, self._store.outbox, self._clock())
        prepared = ADAPTERS[account.platform].request(outgoing, sending_account(account))
        signal = isinstance(wish.message, Signal)
        return Message(
            id=message_id,
            customer_id=account.customer_id,
            platform=account.platform,
            page_id=account.page_id,
            waba_id=account.waba_id,
            to=addressee.to,
            identity=addressee.identity,
            commenter=await commenter(self._store, account, addressee.to),
            conversation_id=addressee.conversation_id,
            line=addressee.conversation_id or f"{addressee.to.kind}:{addressee.to.value}",
            content=content,
            requests=prepared.requests,
            warnings=prepared.warnings,
            reply_to=wish.reply_to,
            tag=wish.tag,
            signal=signal,
            repeatable=signal and not isinstance(wish.message, ThreadControlMessage),
            created_at=self._clock(),
        )

    async def _address(self, wish: Wish, customer_id: str | None) -> tuple[Account, Addressee]:
        if (wish.to is None) == (wish.conversation_id is None):
            raise Unsendable("invalid", "to", "give either `to` or `conversation_id`")
        if wish.conversation_id is not None:
            return await self._of_conversation(wish, wish.conversation_id, customer_id)
        if wish.platform is None or wish.page_id is None:
            missing = "platform" if wish.platform is None else "page_id"
            raise Unsendable("invalid", missing, "is required where there is no `conversation_id`")
        account = self._account(wish.platform, wish.page_id, customer_id)
        to = _recipient(account.platform, wish.to)
        found = await self._store.outbox.addressee(account.platform, account.page_id, to)
        if found.identity is None:
            await self._check_kind(to, account.platform, customer_id)
        return account, found

    async def _of_conversation(
        self, wish: Wish, conversation_id: str, customer_id: str | None
    ) -> tuple[Account, Addressee]:
        conversation = await self._store.outbox.conversation(customer_id, conversation_id)
        if conversation is None:
            raise Unknown("conversation", conversation_id)
        account = self._account(conversation.platform, conversation.page_id, customer_id)
        for field, asked in (("platform", wish.platform), ("page_id", wish.page_id)):
            if asked not in (None, getattr(conversation, field)):
                raise Unsendable("account_mismatch", field, "is not the conversation's")
        return account, addressee_of(conversation)

    def _account(self, platform: str, page_id: str, customer_id: str | None) -> Account:
        account = self._directory.account(platform, page_id)
        if account is None or customer_id not in (None, account.customer_id):
            raise Unknown("account", page_id)
        return account

    async def _check_kind(self, to: Recipient, platform: str, customer_id: str | None) -> None:
        """An id of a person's on Messenger or Instagram is no telephone number, and none of the other one."""
        for home, kind in _SCOPED:
            if to.kind not in _CONFUSABLE or (home, kind) == (platform, to.kind):
                continue
            digits = Recipient(kind=kind, value=to.value.removeprefix("+"))
            known = await self._store.outbox.addressee(home, _NO_PAGE, digits)
            for scope in known.scopes:
                owner = self._directory.account(home, scope)
                if owner is not None and customer_id in (None, owner.customer_id):
                    detail = f"is a {kind} of {scope} on {home}: only that one can write to it"
                    raise Unsendable("account_mismatch", "to", detail)

    def _check_scope(self, addressee: Addressee, account: Account, customer_id: str | None) -> None:
        """Another customer's pages are nobody's business: Meta refuses such an id by itself."""
        for scope in addressee.scopes:
            owner = self._directory.account(account.platform, scope)
            if owner is not None and customer_id in (None, owner.customer_id):
                detail = f"is an id of page {scope}, and only that one can write to it"
                raise Unsendable("account_mismatch", "to", detail)

    async def _check_consent(self, outgoing: Outgoing, addressee: Addressee) -> None:
        """Whoever opted out is left in peace, but for an answer within the window."""
        if addressee.identity is None:
            return
        known = await self._store.people.addressee(addressee.platform, addressee.page_id, addressee.identity)
        purpose = self._purpose(outgoing, addressee)
        refused = None if known is None else consent_refusal(known.consents, purpose)
        if refused is not None:
            window = "" if purpose == "marketing" else ", and no window for an answer is open"
            raise Unsendable("opted_out", "to", f"has opted out of such messages{window}")

    def _purpose(self, outgoing: Outgoing, addressee: Addressee) -> Purpose:
        """Marketing is no answer, whatever it follows."""
        message = outgoing.message
        if isinstance(message, TemplateMessage) and message.category == "marketing":
            return "marketing"
        return "reply" if self._is_open(addressee) else "utility"

    def _is_open(self, addressee: Addressee) -> bool:
        window = ADAPTERS[addressee.platform].WINDOW
        return can_send(window, _acted_at(addressee), self._clock() // 1_000).state == "open"

    def _outgoing(self, wish: Wish, to: Recipient, addressee: Addressee, message_id: str) -> Outgoing:
        outgoing = Outgoing(
            to=to,
            message=wish.message,
            reply_to=wish.reply_to,
            tag=message_id,
            sender=wish.sender,
            messaging_type=wish.messaging_type,
            message_tag=wish.message_tag,
            override=wish.override,
        )
        window = ADAPTERS[addressee.platform].WINDOW
        decision = decide(window, outgoing, _acted_at(addressee), self._clock() // 1_000)
        if not decision.allowed:
            raise Unsendable(decision.code or "outside_window", "message", decision.detail or "is too late")
        if decision.message_tag is None:
            return outgoing
        return replace(outgoing, message_tag=decision.message_tag)


def _acted_at(addressee: Addressee) -> int | None:
    """When the person last opened the window, in Unix seconds; None: not on record."""
    last = addressee.last_inbound_at
    return None if last is None else last // 1_000


def sending_account(account: Account) -> contract.Account:
    """The account as adapters see it: without the token, but with the kind of login that it shows."""
    by_itself = account.platform == "instagram" and (account.access_token or "").startswith(_INSTAGRAM_LOGIN)
    return contract.Account(
        page_id=account.page_id,
        waba_id=account.waba_id,
        login="instagram" if by_itself else "facebook",
    )


def _recipient(platform: str, to: Recipient | str | None) -> Recipient:
    """A text is what events show: the platform's own kind of id, or a telephone number by its plus."""
    if isinstance(to, Recipient):
        # The plus before the digits is notation: who is known by them is not somebody else with it.
        return replace(to, value=to.value.removeprefix("+")) if to.kind == "wa_id" else to
    value = to or ""
    if not value:
        raise Unsendable("invalid", "to", "is empty")
    if platform == "whatsapp":
        kind: RecipientKind = "phone" if value.startswith("+") else "wa_id" if _is_number(value) else "bsuid"
        return Recipient(kind=kind, value=value)
    return Recipient(kind=_KINDS[platform][0], value=value)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal()


def addressee_of(conversation: StoredConversation) -> Addressee:
    """The group, or the id of the person that the channel likes best."""
    known = Addressee(
        platform=conversation.platform,
        page_id=conversation.page_id,
        conversation_id=conversation.id,
        last_inbound_at=conversation.last_inbound_at,
    )
    if conversation.group_id is not None:
        return replace(known, to=Recipient(kind="group", value=conversation.group_id))
    identities = conversation.contact.identities if conversation.contact is not None else ()
    for kind in _KINDS.get(conversation.platform, ()):
        for one in identities:
            at_page = kind in ("wa_id", "bsuid") or one.scope == conversation.page_id
            if one.kind == kind and at_page:
                identity = Identity(one.kind, one.value, one.scope)
                return replace(known, to=Recipient(kind=kind, value=one.value), identity=identity)
    return known
