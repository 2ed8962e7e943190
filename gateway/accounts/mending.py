"""Putting back what an outage has taken away: the subscription, then what was said until it was back.

Meta takes an app whose callback has failed for an hour off the Pages and accounts that it could not reach
("Messenger Platform: Webhooks"). That something is missing is kept with the account before the app is
subscribed again, so whatever dies in between, it is fetched, and once.
"""

import asyncio
from collections.abc import Sequence

from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.sending import Unsendable
from gateway.accounts.backfill import Backfill
from gateway.accounts.errors import AccountFault
from gateway.accounts.finding import DAY_S, NOT_SUBSCRIBED, Finding
from gateway.accounts.questions import Questions
from gateway.accounts.register import Register
from gateway.accounts.side import side
from gateway.accounts.subscriptions import Subscriptions
from gateway.directory import Directory
from gateway.inbound.intake import Intake
from gateway.log import line, logger
from gateway.store.base import Store
from gateway.store.records import Account, EventFilter, Gap, PageRequest

PATIENCE_MS = 3_600_000
"""How long Meta puts up with a callback that fails."""
MARGIN_MS = 2 * 3_600_000
"""What was lost before the last message that came: some callbacks may have failed while others did not."""
LONGEST_MS = 30 * DAY_S * 1_000
"""What was said before that is not fetched."""
MOST_STEPS = 1_000
"""Tries for one gap: ten conversations each."""
AT_ONCE = 20
"""Steps between two times that the place is kept; they are repeated if the process dies."""
PAUSE_SECONDS = 0.5
"""Between two steps: Meta takes two such calls a second for an account."""


class Mending:
    """Of accounts with a token that Meta takes."""

    def __init__(self, store: Store, directory: Directory, questions: Questions, intake: Intake) -> None:
        self._store = store
        self._register = Register(store, directory)
        self._subscriptions = Subscriptions(questions, directory)
        self._backfill = Backfill(questions, intake)

    async def was_away(self, now: int) -> bool:
        """Whether nothing at all has come for so long that Meta may have unsubscribed the app."""
        newest = await self._store.events(None, EventFilter(), PageRequest(limit=1))
        return bool(newest.data) and now - newest.data[0].received_at >= PATIENCE_MS

    async def subscribe(self, account: Account, findings: Sequence[Finding], now: int) -> Account:
        """Let our app hear of the account. `findings`: what was wrong just now; `now` in milliseconds.

        Raises AccountFault, Unsendable, StoreUnavailable.
        """
        if account.gap is None and any(one.code == NOT_SUBSCRIBED for one in findings):
            account = await self._noted(account, now)
        await self._subscriptions.subscribe(account, account.app_id)
        return account

    async def _noted(self, account: Account, now: int) -> Account:
        """The account with its gap. Who was never heard of has missed nothing, but was never subscribed."""
        heard_at = await self._last_heard(account)
        if heard_at is None or not _keeps_history(account):
            return account
        since = max(heard_at - MARGIN_MS, now - LONGEST_MS)
        logger.warning(line("was unsubscribed", account=account.id, page=account.page_id, since=since))
        return await self._register.change(account, gap=Gap(since=since))

    async def _last_heard(self, account: Account) -> int | None:
        """When the last message came: by its webhook, or fetched, and then with all before it."""
        which = EventFilter(event="message.received", platform=account.platform, page_id=account.page_id)
        newest = await self._store.events(None, which, PageRequest(limit=1))
        return newest.data[0].received_at if newest.data else None

    async def fetch(self, account: Account) -> Account:
        """Take in some of what is missing; the account with what is left. Raises StoreUnavailable."""
        gap, stored = account.gap, 0
        for step in range(AT_ONCE):
            if gap is None:
                break
            if step:
                await asyncio.sleep(PAUSE_SECONDS)
            try:
                progress = await self._backfill.step(account, gap.since, gap.after)
            except AccountFault as fault:
                logger.info(line("not backfilled", account=account.id, reason=fault))
                gap = _further(gap, gap.after)
                break
            stored += progress.stored
            gap = _further(gap, progress.after) if progress.after is not None else None
        logger.warning(line("backfilled", account=account.id, stored=stored, done=gap is None))
        return await self._register.change(account, gap=gap)


def _further(gap: Gap, after: str | None) -> Gap | None:
    """One more try; None: that was the last one."""
    return replace(gap, after=after, steps=gap.steps + 1) if gap.steps < MOST_STEPS else None


def _keeps_history(account: Account) -> bool:
    """Whether the platform can be asked for what was said: WhatsApp repeats its webhooks instead."""
    try:
        ADAPTERS[account.platform].backlog_request(side(account), None)
    except Unsendable:
        return False
    return True
