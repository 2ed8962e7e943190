"""Accounts: the Pages, Instagram accounts and WhatsApp numbers that customers own."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.responses import Response

from adapters import ADAPTERS
from gateway.api.answers import answer, done, seconds, view
from gateway.api.bodies import Input
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, listing
from gateway.api.problems import Problem, ProblemKind, invalid, not_found
from gateway.identifiers import new_id
from gateway.store import records
from gateway.store.base import Conflict

PageId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:-]{1,128}$")]
TEST_PAGE = "0"
Name = Annotated[str, Meta(max_length=200)]
Token = Annotated[str, Meta(min_length=1, max_length=4096)]


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
    has_access_token: bool
    """Whether messages can be sent from here; the token itself is never shown."""
    created_at: int


class NewAccount(Input, frozen=True, kw_only=True):
    """A page to connect, or what to change of a connected one; what is absent stays as it is."""

    platform: str
    page_id: PageId
    """Page id, Instagram account id, or WhatsApp phone_number_id."""
    waba_id: PageId | UnsetType | None = UNSET
    name: Name | UnsetType | None = UNSET
    access_token: Token | UnsetType | None = UNSET
    """What messages are sent with. It is kept encrypted and never shown again."""
    app_id: str | UnsetType | None = UNSET
    """Take only what is signed by this app."""
    customer_id: str | None = None
    """For the operator: who owns the page."""


class AccountQuery(ListQuery, frozen=True, kw_only=True):
    """Which accounts."""

    platform: str | None = None
    page_id: str | None = None


async def connect_account(call: Call[NewAccount]) -> Response:
    """Connect a page, or change a connected one.

    A page has one owner. Until a customer can prove that a page is theirs, only the operator connects.
    """
    given, directory = call.given, call.services.directory
    _check(given, call)
    async with call.configuring():
        known = directory.account(given.platform, given.page_id)
        try:
            await call.services.store.put_account(_merged(given, known, call))
        except Conflict:
            detail = "Delete the other customer's account first."
            raise Problem(ProblemKind.PAGE_OWNED, detail) from None
    account = directory.account(given.platform, given.page_id)
    if account is None:
        raise not_found("account", given.page_id)
    return answer(_show(account), 201 if known is None else 200)


def _check(given: NewAccount, call: Call[NewAccount]) -> None:
    if given.platform not in ADAPTERS:
        raise invalid("platform", f"is none of {', '.join(ADAPTERS)}")
    if given.page_id == TEST_PAGE:
        raise invalid("page_id", "is what the tests of Meta's dashboard come from, and no page")
    if isinstance(given.app_id, str) and given.app_id not in call.services.directory.apps:
        raise invalid("app_id", "is no app of /v1/apps")


def _merged(given: NewAccount, known: records.Account | None, call: Call[NewAccount]) -> records.Account:
    owner = call.owner(given.customer_id)
    account = known or records.Account(
        id=new_id("acc"),
        customer_id=owner,
        platform=given.platform,
        page_id=given.page_id,
        created_at=call.services.clock(),
    )
    changes = {name: getattr(given, name) for name in ("waba_id", "name", "access_token", "app_id")}
    present = {name: value for name, value in changes.items() if value is not UNSET}
    return msgspec.structs.replace(account, customer_id=owner, **present)


async def list_accounts(call: Call[AccountQuery]) -> Response:
    """List the connected pages."""
    query = call.given
    accounts = [
        account
        for account in call.visible.accounts()
        if query.platform in (None, account.platform) and query.page_id in (None, account.page_id)
    ]
    return answer(listing(accounts, query, _show))


async def get_account(call: Call[Query]) -> Response:
    """Show one account."""
    return answer(_show(_account(call)))


async def delete_account(call: Call[Query]) -> Response:
    """Disconnect a page. What came from it stays readable; what comes from now on is unrouted."""
    async with call.configuring():
        await call.services.store.delete_account(_account(call).id)
    return done()


def _account(call: Call[Query]) -> records.Account:
    account = call.visible.account(call.path["id"])
    if account is None:
        raise not_found("account", call.path["id"])
    return account


def _show(account: records.Account) -> Account:
    return view(
        Account,
        account,
        has_access_token=account.access_token is not None,
        created_at=seconds(account.created_at),
    )


OPERATIONS = (
    Operation(
        "POST",
        "/v1/accounts",
        connect_account,
        {201: Account, 200: Account},
        access="operator",
        body=NewAccount,
        problems=(ProblemKind.PAGE_OWNED,),
    ),
    Operation("GET", "/v1/accounts", list_accounts, {200: Listing[Account]}, query=AccountQuery),
    Operation("GET", "/v1/accounts/{id}", get_account, {200: Account}),
    Operation("DELETE", "/v1/accounts/{id}", delete_account, {204: None}, access="write"),
)
