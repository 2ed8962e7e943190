"""What is wrong with an account, and mending what can be mended from here."""

from collections.abc import Sequence

from msgspec import Struct
from starlette.responses import Response

from adapters.sending import Unsendable
from gateway.accounts.errors import AccountFault
from gateway.accounts.finding import Finding
from gateway.api.accounts import account_of
from gateway.api.answers import answer, seconds
from gateway.api.connecting import TOKEN_FAULTS, token_problem
from gateway.api.operations import Call, Operation
from gateway.api.paging import Query
from gateway.api.problems import invalid
from gateway.store.records import Account


class AccountHealth(Struct, frozen=True, kw_only=True):
    """An account as Meta shows it at this moment."""

    account_id: str
    platform: str
    page_id: str
    healthy: bool
    checked_at: int
    fetching_since: int | None
    """Messages from then on are being fetched, because no webhooks came; null: none are missing."""
    findings: tuple[Finding, ...]
    """All that is wrong, the worst first, each with what mends it."""


async def get_account_health(call: Call[Query]) -> Response:
    """Ask Meta about the account's token, permissions, subscription and callbacks."""
    account, services = account_of(call), call.services
    return answer(_health(call, account, await services.care.examine(account, services.clock())))


async def subscribe_account(call: Call[Query]) -> Response:
    """Subscribe the app to the account, and show how it is then. Doing it again changes nothing.

    Where the app had been unsubscribed, as Meta does when webhooks fail for an hour, the messages that came
    meanwhile are then fetched in the background (Messenger and Instagram), with `backfilled: true`.
    """
    account, services = account_of(call), call.services
    try:
        findings = await services.care.subscribe(account, services.clock())
    except AccountFault as fault:
        raise token_problem(fault) from None
    except Unsendable as refusal:
        raise invalid(refusal.field.removeprefix("account."), refusal.detail) from None
    services.fetch()
    return answer(_health(call, account, findings))


def _health(call: Call[Query], account: Account, findings: Sequence[Finding]) -> AccountHealth:
    gap = call.services.directory.accounts.get(account.id, account).gap
    return AccountHealth(
        account_id=account.id,
        platform=account.platform,
        page_id=account.page_id,
        healthy=not findings,
        checked_at=seconds(call.services.clock()),
        fetching_since=None if gap is None else seconds(gap.since),
        findings=tuple(findings),
    )


OPERATIONS = (
    Operation("GET", "/v1/accounts/{id}/health", get_account_health, {200: AccountHealth}),
    Operation(
        "POST",
        "/v1/accounts/{id}/subscribe",
        subscribe_account,
        {200: AccountHealth},
        access="write",
        problems=TOKEN_FAULTS,
    ),
)
"""Looking takes a key that reads; Meta is asked with the account's own token."""
