"""Accounts: the Pages, Instagram accounts and WhatsApp numbers that customers own."""

from typing import Any

from msgspec import Struct
from starlette.responses import Response

from adapters.sending import Unsendable
from gateway.accounts.errors import AccountFault
from gateway.accounts.examination import doctor
from gateway.api.answers import answer, done, seconds, view
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, listing
from gateway.api.problems import not_found
from gateway.log import line, logger
from gateway.store import records


class Account(Struct, frozen=True, kw_only=True):
    """A connected page."""

    id: str
    customer_id: str
    platform: str
    page_id: str
    """Page id, Instagram account id, or WhatsApp phone_number_id."""
    name: str | None
    waba_id: str | None
    """The WhatsApp Business Account that the number is in."""
    app_id: str | None
    """The app whose signatures this account takes; null: any."""
    degraded: str | None
    """What keeps the gateway from working for it, as `account.degraded` has told; null: nothing known."""
    fetching_since: int | None
    """Messages from then on are being fetched, because no webhooks came; null: none are missing."""
    has_access_token: bool
    """Whether messages can be sent from here; the token itself is never shown."""
    created_at: int


class AccountQuery(ListQuery, frozen=True, kw_only=True):
    """Which accounts."""

    platform: str | None = None
    page_id: str | None = None


async def list_accounts(call: Call[AccountQuery]) -> Response:
    """List the connected pages."""
    query = call.given
    accounts = [
        account
        for account in call.visible.accounts()
        if query.platform in (None, account.platform) and query.page_id in (None, account.page_id)
    ]
    return answer(listing(accounts, query, show_account))


async def get_account(call: Call[Query]) -> Response:
    """Show one account."""
    return answer(show_account(account_of(call)))


async def delete_account(call: Call[Query]) -> Response:
    """Disconnect a page. What came from it stays readable; what comes from now on is unrouted.

    The app is unsubscribed from it, unless another account needs that or Meta does not let us.
    """
    account = account_of(call)
    if account.access_token is not None:
        await _unsubscribe(call, account)
    async with call.configuring():
        await call.services.store.delete_account(account_of(call).id)
    return done()


async def _unsubscribe(call: Call[Query], account: records.Account) -> None:
    """A token that has ended must not keep anybody from going away."""
    services = call.services
    try:
        await doctor(services.graph, services.directory, services.settings).subscriptions.unsubscribe(account)
    except (AccountFault, Unsendable) as error:
        logger.warning(line("not unsubscribed", account=account.id, error=error))


def account_of(call: Call[Any]) -> records.Account:
    """The account that the path names. Raises Problem (404)."""
    account = call.visible.account(call.path["id"])
    if account is None:
        raise not_found("account", call.path["id"])
    return account


def show_account(account: records.Account) -> Account:
    """As the API shows it, without its token."""
    return view(
        Account,
        account,
        fetching_since=None if account.gap is None else seconds(account.gap.since),
        has_access_token=account.access_token is not None,
        created_at=seconds(account.created_at),
    )


OPERATIONS = (
    Operation("GET", "/v1/accounts", list_accounts, {200: Listing[Account]}, query=AccountQuery),
    Operation("GET", "/v1/accounts/{id}", get_account, {200: Account}),
    Operation("DELETE", "/v1/accounts/{id}", delete_account, {204: None}, access="write"),
)
