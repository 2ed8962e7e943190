"""What a platform must provide. An adapter is a module, pure: bytes in, events out.

It imports the standard library and msgspec only: no I/O, no clock, no environment, no other platform.

    verify(inbound, secrets)       raises Refused unless the platform itself signed the bytes
    challenge(query, secrets)      answers the platform's handshake, or raises Refused
    decode(inbound)                every element of the body, as events; never raises
    request(outgoing, account)     what to ask of the platform to send it; raises Unsendable
    result(status, headers, body)  what the platform's answer means; `failure` of a failed status,
                                   `usage` how near the limits are
    upload  profile_  history_  backlog_  media_  holder_  (un)subscri…     further requests and their answers
    scopes(account)                the permissions that a token must have

What sending takes is in `sending`, what is sent in `outgoing`, when it may be sent in `window`.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from adapters.backlog import Backlog
from adapters.event import Event
from adapters.holder import Holder
from adapters.outgoing import Outgoing
from adapters.parts import Error
from adapters.profile import NoProfile, Profile, ProfileFields
from adapters.sending import Account, MediaLink, Prepared, Request, SendError, Sent, Upload, Usage
from adapters.subscription import Subscription
from adapters.window import ReplyWindow


class Refused(Exception):
    """The request does not prove that it comes from the platform.

    `reason` is for the operator only; the sender of a forged request learns nothing from the answer.
    One of `no_body no_signature legacy_signature malformed_signature wrong_signature no_secret
    not_a_handshake wrong_verify_token`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Secrets(Struct, frozen=True, kw_only=True):
    """What proves a request: the app secrets (several during a rotation) and the verify token."""

    app_secrets: tuple[str, ...]
    verify_token: str

    def __repr__(self) -> str:
        return f"Secrets(app_secrets=<{len(self.app_secrets)}>, verify_token=<set>)"


class Inbound(Struct, frozen=True):
    """One webhook request as it came off the wire."""

    body: bytes
    headers: Sequence[tuple[bytes, bytes]] = ()
    """Names in lower case, as ASGI gives them."""

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, or None."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


class Identity(Struct, frozen=True, gc=False):
    """One name of a person. Kinds never mix: a PSID is a string, with its Page, with its kind."""

    kind: str
    value: str
    scope: str


class Person(Struct, frozen=True, kw_only=True, gc=False):
    """The human side of an element. All `identities` name the same person, most stable first."""

    identities: tuple[Identity, ...]
    name: str | None = None
    username: str | None = None
    asserted: bool = False
    """True where the platform itself announced the change (a `system` message), so that identities
    may be joined that are known apart."""
    former: tuple[Identity, ...] = ()
    """Of the identities, the numbers that the person gave up by an announced change: somebody else may
    have them from now on."""


class Decoded(Struct, frozen=True, kw_only=True, gc=False):
    """One element of a webhook: the event made of it, and what the gateway needs to take it in."""

    event: Event
    envelope: bytes
    """The platform's own envelope cut down to this element: valid input to `decode`, same event id."""
    element: tuple[int, int]
    """Where the element's exact bytes stand in `envelope`: start, end."""
    person: Person | None = None
    thread: str | None = None
    """The group id in a group chat; the conversation is then (page, group) instead of (page, person)."""
    opens_window: bool = False
    """True where the person acted and the platform lets the business answer freely from now on."""
    target: str | None = None
    """The platform's id of the earlier message that this element is about (edit, deletion, reaction)."""
    owner_id: str | None = None
    """On a standby copy: the id that the thread owner's copy of the same fact has."""


class Quarantined(Struct, frozen=True, kw_only=True, gc=False):
    """Signed bytes that no event could be made of; kept whole."""

    reason: str
    pointer: str
    """JSON pointer to the unreadable part; empty for the whole body."""
    body: bytes


class Adapter(Protocol):
    """The functions of an adapter module; mypy checks each module against this in the registry."""

    NAME: str
    """`facebook`, `instagram`, `whatsapp` …: the `platform` of its events."""
    OBJECT: str
    """The `object` of its envelopes."""
    WINDOW: ReplyWindow
    """When a business may write."""
    PROFILE: ProfileFields
    """What can be asked about a person."""

    def challenge(self, query: bytes, secrets: Secrets) -> bytes: ...

    def verify(self, inbound: Inbound, secrets: Secrets) -> None: ...

    def decode(self, inbound: Inbound) -> list[Decoded | Quarantined]: ...

    def request(self, outgoing: Outgoing, account: Account) -> Prepared: ...

    def result(self, status: int, headers: Mapping[str, str], body: bytes) -> Sent | SendError: ...

    def failure(self, error: Error) -> SendError: ...

    def usage(self, headers: Mapping[str, str]) -> tuple[Usage, ...]: ...

    def upload(self, media: Upload, account: Account) -> Request: ...

    def profile_request(self, identity: Identity, account: Account, fields: tuple[str, ...]) -> Request: ...

    def profile_result(
        self, status: int, headers: Mapping[str, str], body: bytes
    ) -> Profile | NoProfile | SendError: ...

    def history_request(self, identity: Identity, account: Account) -> Request: ...

    def history_result(
        self, status: int, headers: Mapping[str, str], body: bytes, account: Account
    ) -> tuple[bytes, ...] | SendError: ...

    def backlog_request(self, account: Account, after: str | None) -> Request: ...

    def backlog_result(
        self, status: int, headers: Mapping[str, str], body: bytes, account: Account
    ) -> Backlog | SendError: ...

    def media_request(self, media_id: str, account: Account) -> Request: ...

    def media_result(self, status: int, headers: Mapping[str, str], body: bytes) -> MediaLink | SendError: ...

    def subscribe_request(self, account: Account) -> Request: ...

    def subscriptions_request(self, account: Account) -> Request: ...

    def subscriptions_result(
        self, status: int, headers: Mapping[str, str], body: bytes
    ) -> tuple[Subscription, ...] | SendError: ...

    def unsubscribe_request(self, account: Account) -> Request: ...

    def scopes(self, account: Account) -> tuple[str, ...]: ...

    def holder_request(self, account: Account) -> Request: ...

    def holder_result(
        self, status: int, headers: Mapping[str, str], body: bytes, account: Account
    ) -> Holder | SendError: ...
