"""Pages connect themselves while one customer exists, so that the first message needs no set-up."""

import asyncio
import secrets

import msgspec

from adapters.base import Decoded
from adapters.event import Event
from gateway.directory import Directory
from gateway.log import line, logger
from gateway.store.base import DEFAULT_CUSTOMER, Conflict, Store
from gateway.store.records import Account


class Connector:
    """Makes accounts of pages that nobody has connected, and learns which WABA a number is in.

    Such accounts have no token: what comes in is delivered, sending needs `POST /v1/accounts` first.
    """

    def __init__(self, store: Store, directory: Directory, *, auto_connect: bool) -> None:
        self._store = store
        self._directory = directory
        self._auto_connect = auto_connect
        self._one_at_a_time = asyncio.Lock()

    def concerns(self, decoded: Decoded, app_id: str | None) -> bool:
        """Whether this element tells of a page or a WABA that is not known yet."""
        event = decoded.event
        if event.test or event.page_id in ("", "0", event.waba_id):
            return False
        account = self._directory.account(event.platform, event.page_id)
        if account is None:
            return self._auto_connect and list(self._directory.customers) == [DEFAULT_CUSTOMER]
        learns = account.waba_id is None and event.waba_id is not None
        return learns and account.app_id in (None, app_id)

    async def connect(self, decoded: Decoded, app_id: str | None, now: int) -> None:
        """Connect the page, one at a time: its first second brings many requests at once."""
        event = decoded.event
        async with self._one_at_a_time:
            if not self.concerns(decoded, app_id):
                return
            async with self._directory.changing():
                if self.concerns(decoded, app_id):  # still: another process may have been first
                    await self._put(event, app_id, now)
        logger.info(line("connected", platform=event.platform, page=event.page_id, waba=event.waba_id))

    async def _put(self, event: Event, app_id: str | None, now: int) -> None:
        account = self._directory.account(event.platform, event.page_id) or _new(event, app_id, now)
        try:
            await self._store.put_account(msgspec.structs.replace(account, waba_id=event.waba_id))
        except Conflict:
            logger.info(line("not connected", platform=event.platform, page=event.page_id))


def _new(event: Event, app_id: str | None, now: int) -> Account:
    return Account(
        id=f"acc_{secrets.token_hex(13)}",
        customer_id=DEFAULT_CUSTOMER,
        platform=event.platform,
        page_id=event.page_id,
        app_id=app_id,
        created_at=now,
    )
