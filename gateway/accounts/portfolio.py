"""Everything that a token can connect, page by page of Meta's lists."""

from collections.abc import Callable, Mapping
from functools import partial

from adapters.credentials import facts_request, facts_result
from adapters.portfolio import (
    WABA_SCOPE,
    Asset,
    Batch,
    numbers_request,
    numbers_result,
    pages_request,
    pages_result,
    wabas_request,
    wabas_result,
)
from adapters.sending import Request, SendError
from gateway.accounts.errors import fault_of
from gateway.accounts.questions import Questions, Read

MOST_PAGES = 100
"""Of one list: ten thousand Pages. A list that goes on has lost its way."""
_NOT_FOR_THIS_TOKEN = ("permission", "invalid")


class Portfolio:
    """Lists what a person's or a system user's token speaks for."""

    def __init__(self, questions: Questions, token: str) -> None:
        self._questions = questions
        self._token = token

    async def assets(self, business_id: str | None = None) -> list[Asset]:
        """Pages, Instagram accounts and numbers. Raises AccountFault.

        WABAs are those that the token names as its own; those of a business only where it is said.
        """
        found = await self._all(pages_request, pages_result)
        facts = await self._questions.ask(facts_request(self._token), self._token, facts_result)
        wabas = [] if isinstance(facts, SendError) else list(facts.targets.get(WABA_SCOPE, ()))
        for clients in (False, True) if business_id else ():
            listed = await self._all(partial(_wabas_of, business_id or "", clients), wabas_result)
            wabas += [asset.waba_id for asset in listed if asset.waba_id]
        for waba_id in dict.fromkeys(wabas):
            found += await self._all(partial(numbers_request, waba_id), _reading(waba_id))
        return found

    async def _all(self, request: Callable[[str | None], Request], read: Read[Batch]) -> list[Asset]:
        """All pages of a list; none where the token is of another kind than the list is for."""
        found: list[Asset] = []
        after: str | None = None
        for _ in range(MOST_PAGES):
            batch = await self._questions.ask(request(after), self._token, read)
            if isinstance(batch, SendError):
                if batch.code in _NOT_FOR_THIS_TOKEN and after is None:
                    return []
                raise fault_of(batch)
            found += batch.assets
            if batch.after is None:
                break
            after = batch.after
        return found


def _wabas_of(business_id: str, clients: bool, after: str | None) -> Request:
    return wabas_request(business_id, clients=clients, after=after)


def _reading(waba_id: str) -> Read[Batch]:
    def read(status: int, headers: Mapping[str, str], body: bytes) -> Batch | SendError:
        return numbers_result(status, headers, body, waba_id)

    return read
