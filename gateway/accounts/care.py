"""What is done for accounts unasked: tokens are refreshed, lost subscriptions put back, faults told once.

Only here is it decided that an account is degraded, or well again: who else notices something asks for a
look.
"""

from collections.abc import Callable, Sequence

from adapters.credentials import refresh_request, refresh_result
from adapters.event import VERSION, Event
from adapters.sending import SendError, Unsendable
from gateway.accounts.errors import AccountFault
from gateway.accounts.examination import Doctor
from gateway.accounts.finding import DAY_S, NOT_SUBSCRIBED, SERIOUS, WARN_DAYS, Finding
from gateway.accounts.mending import Mending
from gateway.accounts.register import Register
from gateway.accounts.side import side
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.identifiers import new_id
from gateway.log import line, logger
from gateway.store.base import Store
from gateway.store.records import Account, Emission

DEGRADED = "account.degraded"
_WARN_MS = WARN_DAYS * DAY_S * 1000
Tell = Callable[[Event, Sequence[str]], None]
"""An event of ours is stored; these endpoints and the operator should hear of it."""


class Care:
    """Looks after one account at a time; what it learns is kept with the account."""

    def __init__(
        self, store: Store, directory: Directory, doctor: Doctor, mending: Mending, tell: Tell
    ) -> None:
        self._store = store
        self._directory = directory
        self._register = Register(store, directory)
        self._doctor = doctor
        self._mending = mending
        self._tell = tell

    async def look_after(self, account: Account, clock: Clock) -> list[Finding]:
        """Refresh, examine, mend, tell; what is wrong now. Raises StoreUnavailable."""
        if account.access_token is not None and side(account).login == "instagram":
            account = await self._refreshed(account, clock())
        findings = await self._doctor.examine(account, clock())
        if any(one.code == NOT_SUBSCRIBED for one in findings):
            try:
                await self._mending.subscribe(account, findings, clock())
                findings = await self._doctor.examine(account, clock())
            except (AccountFault, Unsendable) as refusal:
                logger.warning(line("not subscribed again", account=account.id, reason=refusal))
        await self._note(account, findings, clock())
        return findings

    async def examine(self, account: Account, now: int) -> list[Finding]:
        """Only look, and note what is found; `now` in Unix milliseconds. Raises StoreUnavailable."""
        findings = await self._doctor.examine(account, now)
        await self._note(account, findings, now)
        return findings

    async def subscribe(self, account: Account, now: int) -> list[Finding]:
        """Subscribe as somebody has asked for; what is wrong then.

        Raises AccountFault, Unsendable, StoreUnavailable.
        """
        findings = await self._doctor.examine(account, now)
        account = await self._mending.subscribe(account, findings, now)
        return await self.examine(account, now)

    async def _refreshed(self, account: Account, now: int) -> Account:
        """The account with sixty more days, if less than seven are left or nobody knows how many."""
        expires_at = account.token_expires_at
        if expires_at is not None and now < expires_at - _WARN_MS:
            return account
        try:
            fresh = await self._doctor.questions.ask(
                refresh_request(), account.access_token or "", refresh_result
            )
        except AccountFault:
            return account
        if isinstance(fresh, SendError):
            logger.info(line("token not refreshed", account=account.id, reason=fresh.title))
            return account
        ends = now + fresh.expires_in * 1000
        return await self._register.change(account, access_token=fresh.access_token, token_expires_at=ends)

    async def _note(self, account: Account, findings: Sequence[Finding], now: int) -> None:
        """Degraded, or well again. A Meta that does not answer proves neither."""
        serious = next((one for one in findings if one.code in SERIOUS), None)
        if serious is None and any(one.code == "graph_unreachable" for one in findings):
            return
        code = None if serious is None or account.access_token is None else serious.code
        known = self._directory.accounts.get(account.id)
        if known is None or code == known.degraded:
            return
        if await self._register.degrade(account, code) and serious is not None:
            await self._degraded(account, serious, now)

    async def _degraded(self, account: Account, found: Finding, now: int) -> None:
        event = degraded(account, found, now)
        routes = self._directory.routes((account.customer_id,), DEGRADED, "", "")
        endpoint_ids = tuple(route.endpoint_id for route in routes)
        emission = Emission(event=event, at=now, customer_id=account.customer_id, endpoint_ids=endpoint_ids)
        await self._store.emit(emission)
        self._tell(event, endpoint_ids)


def degraded(account: Account, found: Finding, now: int) -> Event:
    """The event about an account that the gateway cannot work for. Its id is random."""
    return Event(
        id=new_id("evt"),
        version=VERSION,
        event=DEGRADED,
        timestamp=now // 1000,
        timestamp_ms=now,
        account={
            "change": "degraded",
            "id": account.id,
            "platform": account.platform,
            "page_id": account.page_id,
            "reason": found.code,
            "detail": found.detail,
            "remedy": found.remedy,
        },
    )
