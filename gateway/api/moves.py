"""Accounts that change hands."""

from typing import Literal

from starlette.responses import Response

from gateway.api.accounts import Account, account_of, show_account
from gateway.api.answers import answer
from gateway.api.bodies import Input
from gateway.api.operations import Call, Operation
from gateway.api.problems import invalid, not_found


class AccountMove(Input, frozen=True, kw_only=True):
    """Who will own the account, and what becomes of its past."""

    customer_id: str
    history: Literal["move", "stay"] = "move"
    """`move`: its events and messages go with it · `stay`: the former owner keeps them, and the new one never
    sees them, as when a business is sold."""


async def move_account(call: Call[AccountMove]) -> Response:
    """Give an account to another customer, with its token, its contacts, its conversations and its history.

    Conversations keep their ids and go on with the next `sequence`. The events and messages that there were
    follow in the background, oldest first; `"history": "stay"` leaves them with the former owner. Nothing is
    delivered again: the new owner can replay it. What arrives from now on is the new owner's.
    """
    services, owner = call.services, call.given.customer_id
    if owner not in services.directory.customers:
        raise invalid("customer_id", "is no customer of /v1/customers")
    async with call.configuring():
        await services.store.ownership.move(account_of(call).id, owner, history=call.given.history == "move")
    moved = services.directory.accounts.get(call.path["id"])
    if moved is None:
        raise not_found("account", call.path["id"])
    return answer(show_account(moved))


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        "/v1/accounts/{id}/move",
        move_account,
        {200: Account},
        access="operator",
        body=AccountMove,
    ),
)
