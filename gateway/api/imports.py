"""Connecting all that a login or a system user speaks for, in one call."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from gateway.accounts.errors import AccountFault
from gateway.accounts.examination import doctor
from gateway.accounts.importing import Imported, Importer, Result
from gateway.accounts.portfolio import Portfolio
from gateway.api.answers import answer
from gateway.api.bodies import Input
from gateway.api.connecting import TOKEN_FAULTS, PageId, Token, token_problem
from gateway.api.operations import Call, Operation

PageIds = Annotated[tuple[PageId, ...], Meta(max_length=1000)]


class AccountImport(Input, frozen=True, kw_only=True):
    """Whose Pages, Instagram accounts and WhatsApp numbers to connect, and which of them."""

    access_token: Token
    """Of a person who logged in, or of a system user. Only the accounts' own tokens are kept; WhatsApp
    numbers have none and keep this one."""
    platforms: tuple[str, ...] | None = None
    """Only these; absent: all."""
    page_ids: PageIds | None = None
    """Only these; absent: all that are found."""
    business_id: PageId | None = None
    """Look for WhatsApp Business Accounts in this business too."""
    dry_run: bool = False
    """Only show what there is."""
    customer_id: str | None = None
    """For the operator: who will own them."""


class ImportedAccount(Struct, frozen=True, kw_only=True):
    """What became of one of them."""

    platform: str
    page_id: str
    name: str | None
    waba_id: str | None
    result: Result
    """`found` (dry run), `connected`, `updated`, `unchanged` or `failed`."""
    account_id: str | None
    subscribed: bool
    """Whether the app hears of it now."""
    code: str | None
    """What went wrong: the `code` of a problem."""
    detail: str | None


class ImportReport(Struct, frozen=True, kw_only=True):
    """All that was found and chosen."""

    dry_run: bool
    data: tuple[ImportedAccount, ...]


async def import_accounts(call: Call[AccountImport]) -> Response:
    """Find what a token speaks for, connect it and subscribe the app to it.

    Each item succeeds or fails by itself. Doing it again changes nothing and mends what has failed.
    """
    given, services = call.given, call.services
    owner = call.owner(given.customer_id)
    asking = doctor(services.graph, services.directory, services.settings)
    try:
        found = await Portfolio(asking.questions, given.access_token).assets(given.business_id)
    except AccountFault as fault:
        raise token_problem(fault) from None
    chosen = [one for one in found if _among(one.platform, given.platforms)]
    chosen = [one for one in chosen if _among(one.page_id, given.page_ids)]
    importer = Importer(services.store, services.directory, asking.confirmation, asking.subscriptions)
    if given.dry_run:
        results = importer.look(chosen, owner)
    else:
        results = await importer.connect(chosen, owner, given.access_token, services.clock)
    return answer(ImportReport(dry_run=given.dry_run, data=tuple(map(_show, results))))


def _among(value: str, wanted: tuple[str, ...] | None) -> bool:
    return wanted is None or value in wanted


def _show(one: Imported) -> ImportedAccount:
    asset = one.asset
    return ImportedAccount(
        platform=asset.platform,
        page_id=asset.page_id,
        name=asset.name,
        waba_id=asset.waba_id,
        result=one.result,
        account_id=None if one.account is None else one.account.id,
        subscribed=one.subscribed,
        code=one.code,
        detail=one.detail,
    )


OPERATIONS = (
    Operation(
        "POST",
        "/v1/accounts/import",
        import_accounts,
        {200: ImportReport},
        access="write",
        body=AccountImport,
        problems=TOKEN_FAULTS,
    ),
)
