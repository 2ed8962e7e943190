"""One request to the platform for one part of a message, and what came of it."""

from collections.abc import Callable

from msgspec import Struct

from adapters import ADAPTERS
from adapters.sending import Request, SendError, Sent, Usage
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.graph import Answer, Graph, NotAnswered, NotSent
from gateway.store.outcome_events import OPTED_OUT
from gateway.store.outgoing import Message
from gateway.store.progress import SEND_FAILED, SEND_UNKNOWN, SENT
from gateway.store.records import Account, Route

_NAMES = (SENT, SEND_FAILED, SEND_UNKNOWN, OPTED_OUT, "conversation.started")
_NO_ACCOUNT = SendError(
    code="permission",
    retryable=False,
    scope="account",
    title="The account has been disconnected, or has no access token",
    detail="Connect it again with `POST /v1/accounts` and a token.",
)


class Reply(Struct, frozen=True):
    """What the platform said, and how much of its limits is used."""

    result: Sent | SendError
    usage: tuple[Usage, ...] = ()


class Courier:
    """Uses each account's own token for its own page, and no other."""

    def __init__(
        self, graph: Graph, directory: Directory, clock: Clock, suspect: Callable[[Account], None]
    ) -> None:
        """`suspect`: the platform has refused the account's token; it must not wait."""
        self._graph = graph
        self._suspect = suspect
        self._directory = directory
        self.clock = clock

    async def send(self, message: Message, request: Request) -> Reply:
        """Make the request. Every failure is a value."""
        account = self.account(message)
        if account is None or account.access_token is None:
            return Reply(_NO_ACCOUNT)
        adapter = ADAPTERS[message.platform]
        try:
            answer = await self._graph.call(request, account.access_token)
        except NotSent as error:
            detail = f"Meta could not be reached: {error}"
            return Reply(SendError(code="temporary", retryable=True, detail=detail))
        except NotAnswered as error:
            detail = f"No answer from Meta: {error}"
            return Reply(SendError(code="unknown", retryable=False, ambiguous=True, detail=detail))
        result = adapter.result(answer.status, answer.headers, answer.body)
        if isinstance(result, SendError) and result.code == "token_expired":
            self._suspect(account)
        return Reply(result, adapter.usage(answer.headers))

    async def ask(self, request: Request, token: str) -> Answer:
        """A request that changes nothing. Raises NotSent, NotAnswered."""
        return await self._graph.call(request, token)

    def account(self, message: Message) -> Account | None:
        """The account that the message was taken for, if it is still its customer's."""
        account = self._directory.account(message.platform, message.page_id)
        return account if account is not None and account.customer_id == message.customer_id else None

    def routes(self, message: Message) -> dict[str, tuple[Route, ...]]:
        """Where the events about the message go."""
        where = (message.platform, message.page_id)
        return {name: self._directory.routes((message.customer_id,), name, *where) for name in _NAMES}
