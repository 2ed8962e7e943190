"""Looking at an account from all sides that Meta shows."""

from typing import NamedTuple

from adapters import ADAPTERS
from adapters.callbacks import (
    app_token,
    callbacks_request,
    callbacks_result,
    override_request,
    override_result,
)
from adapters.credentials import TokenFacts
from adapters.sending import SendError, Unsendable
from gateway.accounts import finding
from gateway.accounts.confirmation import Confirmation
from gateway.accounts.errors import AccountFault
from gateway.accounts.finding import Finding
from gateway.accounts.questions import Questions
from gateway.accounts.subscriptions import Subscriptions, wanted_fields
from gateway.directory import Directory
from gateway.graph import Graph
from gateway.settings import Settings
from gateway.store.records import Account


class Doctor(NamedTuple):
    """Only looks; what it can mend is mended by `Subscriptions.subscribe`."""

    questions: Questions
    confirmation: Confirmation
    subscriptions: Subscriptions
    public_url: str | None

    async def examine(self, account: Account, now: int) -> list[Finding]:
        """All that is wrong, the worst first; `now` in Unix milliseconds."""
        if account.access_token is None:
            return [finding.no_token()]
        try:
            await self.confirmation.confirm(account, account.access_token)
            facts = await self.questions.facts(account, account.access_token)
            return [
                *await self._subscription(account, facts),
                *await self._callbacks(account, facts),
                *finding.of_expiry(_expiry(account, facts), now // 1000),
            ]
        except AccountFault as fault:
            return [finding.of_fault(fault)]

    async def _subscription(self, account: Account, facts: TokenFacts | None) -> list[Finding]:
        app_id = account.app_id or (None if facts is None else facts.app_id)
        try:
            present = await self.subscriptions.present(account, app_id)
        except Unsendable as refusal:
            return [
                Finding(
                    code="waba_unknown", detail=str(refusal), remedy="Send waba_id with POST /v1/accounts."
                )
            ]
        return list(finding.of_subscription(present, wanted_fields(account)))

    async def _callbacks(self, account: Account, facts: TokenFacts | None) -> list[Finding]:
        found: list[Finding] = []
        if facts is not None and facts.app_id is not None:
            found += await self._callbacks_of(facts.app_id, account)
        if account.platform == "whatsapp":
            token = account.access_token or ""
            url = await self.questions.learn(override_request(account.page_id), token, override_result)
            found += finding.of_override(url, self.public_url)
        return found

    async def _callbacks_of(self, app_id: str, account: Account) -> list[Finding]:
        """Asked with each secret, as the token does not say which one is its app's."""
        for secret in self.confirmation.secrets(account.app_id):
            token = app_token(app_id, secret)
            callbacks = await self.questions.ask(callbacks_request(app_id), token, callbacks_result)
            if not isinstance(callbacks, SendError):
                object_ = ADAPTERS[account.platform].OBJECT
                return list(finding.of_callbacks(callbacks, object_, self.public_url))
        return []


def doctor(graph: Graph, directory: Directory, settings: Settings) -> Doctor:
    """One with the secrets and the address of this gateway."""
    questions = Questions(graph)
    return Doctor(
        questions=questions,
        confirmation=Confirmation(questions, directory, settings.app_secrets),
        subscriptions=Subscriptions(questions, directory),
        public_url=settings.public_url,
    )


def _expiry(account: Account, facts: TokenFacts | None) -> int | None:
    """Unix seconds."""
    if facts is not None:
        return facts.expires_at
    return None if account.token_expires_at is None else account.token_expires_at // 1000
