"""What accounts were used for, by month."""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from gateway.api.answers import answer
from gateway.api.operations import Call, Operation
from gateway.api.paging import Query
from gateway.store import usage as counts

STEP = 500


class Usage(Struct, frozen=True, kw_only=True):
    """What went through one account in a month; it is kept longer than the events are."""

    customer_id: str
    platform: str
    page_id: str
    account_id: str | None
    """Null: it is this customer's no more."""
    messages_received: int
    messages_sent: int
    """By the API, the inbox, a phone or another app."""
    conversations: int
    """Those in which at least one message went to or fro."""


class UsageReport(Struct, frozen=True, kw_only=True):
    """One month, by customer, platform and page."""

    month: str
    data: tuple[Usage, ...]


class UsageQuery(Query, frozen=True, kw_only=True):
    """Which month."""

    month: Annotated[str, Meta(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")] | None = None
    """Of UTC, as in `2026-01`; absent: the present one."""


async def get_usage(call: Call[UsageQuery]) -> Response:
    """Messages and conversations of a month, per account. Up to the event that was taken in last."""
    store, now = call.services.store, call.services.clock()
    month = call.given.month or datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m")
    while await store.usage.tally(STEP):
        pass
    counted = await store.usage.read(call.customer_id, month)
    return answer(UsageReport(month=month, data=tuple(_show(call, one) for one in counted)))


def _show(call: Call[UsageQuery], one: counts.Usage) -> Usage:
    account = call.services.directory.account(one.platform, one.page_id)
    own = account is not None and account.customer_id == one.customer_id
    return Usage(
        customer_id=one.customer_id,
        platform=one.platform,
        page_id=one.page_id,
        account_id=account.id if account is not None and own else None,
        messages_received=one.messages_received,
        messages_sent=one.messages_sent,
        conversations=one.conversations,
    )


OPERATIONS = (Operation("GET", "/v1/usage", get_usage, {200: UsageReport}, query=UsageQuery),)
