"""Connecting a page. The operator says whose it is; a customer proves it with a token that Meta confirms."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from adapters import ADAPTERS
from gateway.accounts.errors import AccountFault
from gateway.accounts.examination import doctor
from gateway.api.accounts import Account, show_account
from gateway.api.answers import answer
from gateway.api.bodies import Input
from gateway.api.operations import Call, Operation
from gateway.api.problems import FieldProblem, Problem, ProblemKind, invalid, not_found
from gateway.identifiers import new_id
from gateway.store import records
from gateway.store.base import Conflict

PageId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:-]{1,128}$")]
TEST_PAGE = "0"
Name = Annotated[str, Meta(max_length=200)]
Token = Annotated[str, Meta(pattern=r"^[\x21-\x7e]{1,4096}$")]
TOKEN_FAULTS = (
    ProblemKind.TOKEN_MISMATCH,
    ProblemKind.TOKEN_EXPIRED,
    ProblemKind.TOKEN_SCOPES_MISSING,
    ProblemKind.TOKEN_OF_ANOTHER_APP,
    ProblemKind.TOKEN_REFUSED,
    ProblemKind.GRAPH_UNREACHABLE,
)
RETRY_SECONDS = 30
_KINDS = {kind.value: kind for kind in TOKEN_FAULTS}


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


async def connect_account(call: Call[NewAccount]) -> Response:
    """Connect a page, or change a connected one.

    A page has one owner. A customer's key connects a page with an `access_token` that Meta confirms: it
    speaks for this very page, belongs to an app of this gateway and has the permissions that are needed.
    The operator's key connects without one.
    """
    given, directory = call.given, call.services.directory
    _check(given, call)
    if not call.caller.is_operator:
        await _prove(given, call)
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
    return answer(show_account(account), 201 if known is None else 200)


def token_problem(fault: AccountFault) -> Problem:
    """What the API says of a token that is not good, or cannot be looked at now."""
    kind = _KINDS[fault.reason]
    if kind is ProblemKind.GRAPH_UNREACHABLE:
        headers = {"retry-after": str(fault.retry_after or RETRY_SECONDS)}
        return Problem(kind, str(fault), headers=headers)
    return Problem(kind, str(fault), [FieldProblem(field="access_token", detail=str(fault))])


def _check(given: NewAccount, call: Call[NewAccount]) -> None:
    if given.platform not in ADAPTERS:
        raise invalid("platform", f"is none of {', '.join(ADAPTERS)}")
    if given.page_id == TEST_PAGE:
        raise invalid("page_id", "is what the tests of Meta's dashboard come from, and no page")
    if isinstance(given.app_id, str) and given.app_id not in call.services.directory.apps:
        raise invalid("app_id", "is no app of /v1/apps")


async def _prove(given: NewAccount, call: Call[NewAccount]) -> None:
    """Let a customer's change through if it needs no proof, or has one. Raises Problem.

    Whether somebody else owns the page is told only to whom Meta confirms it.
    """
    if given.app_id is not UNSET:
        raise invalid("app_id", "is for the operator to say")
    known = call.services.directory.account(given.platform, given.page_id)
    own = known is not None and known.customer_id == call.owner(given.customer_id)
    if own and not isinstance(given.access_token, str) and not isinstance(given.waba_id, str):
        return
    account = _merged(given, known if own else None, call)
    if account.access_token is None:
        raise invalid("access_token", "is required: it proves that the page is yours")
    try:
        services = call.services
        looking = doctor(services.graph, services.directory, services.settings)
        await looking.confirmation.confirm(account, account.access_token)
    except AccountFault as fault:
        raise token_problem(fault) from None


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
    if "access_token" in present:
        present |= {"token_expires_at": None, "degraded": None}
    return msgspec.structs.replace(account, customer_id=owner, **present)


OPERATIONS = (
    Operation(
        "POST",
        "/v1/accounts",
        connect_account,
        {201: Account, 200: Account},
        access="write",
        body=NewAccount,
        problems=(ProblemKind.PAGE_OWNED, *TOKEN_FAULTS),
    ),
)
