"""Fetching what was missed from the Conversations API, one page of conversations per call."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from adapters.sending import Unsendable
from gateway.accounts.backfill import Backfill
from gateway.accounts.errors import AccountFault
from gateway.accounts.questions import Questions
from gateway.api.accounts import account_of
from gateway.api.answers import answer
from gateway.api.bodies import Input
from gateway.api.connecting import TOKEN_FAULTS, token_problem
from gateway.api.operations import Call, Operation
from gateway.api.paging import Seconds
from gateway.api.problems import invalid

Place = Annotated[str, Meta(min_length=1, max_length=2000)]


class BackfillStep(Input, frozen=True, kw_only=True):
    """From when on, and how far it has come."""

    since: Seconds
    """Unix seconds: the beginning of the gap."""
    cursor: Place | None = None
    """The `next_cursor` of the step before; absent: the first step."""


class BackfillProgress(Struct, frozen=True, kw_only=True):
    """What one step has found."""

    stored: int
    """Events that were missing."""
    duplicates: int
    """Events that were there."""
    next_cursor: str | None
    """For the next step; null: there is no more since then."""


async def backfill_account(call: Call[BackfillStep]) -> Response:
    """Take in the messages of a page of conversations that no webhook has brought.

    They become the events that their webhooks would have made, with the same ids and `backfilled: true`;
    what is known already stays as it is. Go on with `next_cursor` until it is null. A step may be repeated.
    """
    account, services = account_of(call), call.services
    if account.access_token is None:
        raise invalid("access_token", "is missing: send one with POST /v1/accounts")
    backfill = Backfill(Questions(services.graph), services.intake)
    try:
        progress = await backfill.step(account, call.given.since * 1000, call.given.cursor)
    except AccountFault as fault:
        raise token_problem(fault) from None
    except Unsendable as refusal:
        raise invalid("platform", refusal.detail) from None
    return answer(
        BackfillProgress(stored=progress.stored, duplicates=progress.duplicates, next_cursor=progress.after)
    )


OPERATIONS = (
    Operation(
        "POST",
        "/v1/accounts/{id}/backfill",
        backfill_account,
        {200: BackfillProgress},
        access="write",
        body=BackfillStep,
        problems=TOKEN_FAULTS,
    ),
)
