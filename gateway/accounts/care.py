"""What is done for accounts unasked: tokens are refreshed, faults are told once."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from adapters.credentials import refresh_request, refresh_result
from adapters.event import VERSION, Event
from adapters.sending import SendError
from gateway.accounts.errors import AccountFault
from gateway.accounts.examination import Doctor
from gateway.accounts.finding import DAY_S, SERIOUS, WARN_DAYS, Finding
from gateway.accounts.side import side
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.identifiers import new_id
from gateway.log import line, logger
from gateway.store.base import Store
from gateway.store.records import Account, Emission

DEGRADED = "account.degraded"
_WARN_MS = WARN_DAYS * DAY_S * 1000


class Care:
    """Looks after one account at a time; what it learns is kept with the account."""

    def __init__(
        self, store: Store, directory: Directory, doctor: Doctor, tell: Callable[[Event, Sequence[str]], None]
    ) -> None:
        """`tell`: an event of ours is stored; these endpoints and the operator should hear of it."""
        self._store = store
        self._directory = directory
        self._doctor = doctor
        self._tell = tell

    async def look_after(self, account: Account, clock: Clock) -> list[Finding]:
        """Refresh, examine, tell; what is wrong now. Raises StoreUnavailable."""
        if account.access_token is not None and side(account).login == "instagram":
            account = await self._refreshed(account, clock())
        findings = await self._doctor.examine(account, clock())
        serious = next((one for one in findings if one.code in SERIOUS), None)
        if serious is None and any(one.code == "graph_unreachable" for one in findings):
            return findings
        code = None if serious is None or account.access_token is None else serious.code
        if code != account.degraded:
            await self._keep(account, degraded=code)
            if serious is not None and code is not None and account.degraded is None:
                await self._degraded(account, serious, clock())
        return findings

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
        return await self._keep(account, access_token=fresh.access_token, token_expires_at=ends)

    async def _keep(self, account: Account, **changes: object) -> Account:
        """Change the account, unless somebody has connected it anew meanwhile."""
        async with self._directory.changing():
            present = self._directory.accounts.get(account.id)
            if present is None or present.access_token != account.access_token:
                return account
            changed = replace(present, **changes)
            await self._store.put_account(changed)
        return changed

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
