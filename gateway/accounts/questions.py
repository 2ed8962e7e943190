"""Asking Meta about accounts: who a token speaks for, what it is worth, who hears of the account."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from adapters import ADAPTERS
from adapters.credentials import TokenFacts, facts_request, facts_result, is_disproved, proven
from adapters.holder import Holder
from adapters.sending import Request, SendError
from gateway.accounts.errors import AccountFault, fault_of, unreachable
from gateway.accounts.side import side
from gateway.graph import Graph, NotAnswered, NotSent
from gateway.store.records import Account

Found = TypeVar("Found")
Read = Callable[[int, Mapping[str, str], bytes], Found | SendError]


class Questions:
    """All of them only look: they can be asked again."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def ask(self, request: Request, token: str, read: Read[Found]) -> Found | SendError:
        """One question. Raises AccountFault (`graph_unreachable`)."""
        try:
            answer = await self._graph.call(request, token)
        except (NotSent, NotAnswered) as error:
            raise unreachable(str(error)) from None
        return read(answer.status, answer.headers, answer.body)

    async def learn(self, request: Request, token: str, read: Read[Found]) -> Found:
        """The same where only an answer helps. Raises AccountFault."""
        found = await self.ask(request, token, read)
        if isinstance(found, SendError):
            raise fault_of(found)
        return found

    async def holder(self, account: Account, token: str, app_secrets: Sequence[str]) -> Holder:
        """For whom the token speaks, which must be one of our apps'. Raises AccountFault.

        Of each secret a proof is tried, and Meta knows which app the token belongs to: one of another app
        would never bring a webhook that we could verify.
        """
        adapter, asked = ADAPTERS[account.platform], side(account)

        def read(status: int, headers: Mapping[str, str], body: bytes) -> Holder | SendError:
            return adapter.holder_result(status, headers, body, asked)

        for app_secret in app_secrets:
            request = proven(adapter.holder_request(asked), token, app_secret)
            found = await self.ask(request, token, read)
            if isinstance(found, Holder):
                return found
            if not is_disproved(found):
                raise fault_of(found)
        raise AccountFault(
            "token_of_another_app", "The token was made for an app whose secret this gateway does not have."
        )

    async def facts(self, account: Account, token: str) -> TokenFacts | None:
        """What a token that works is worth; None where Meta does not tell that token. Raises AccountFault."""
        if side(account).login == "instagram":
            return None
        found = await self.ask(facts_request(token), token, facts_result)
        if isinstance(found, SendError) and (found.retryable or found.ambiguous):
            raise fault_of(found)
        return None if isinstance(found, SendError) else found
