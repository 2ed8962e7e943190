"""What was written while Meta could not reach us, or told us nothing, taken in afterwards.

The same message has the same event id by whatever way it comes, so what is there already is known; what is
not goes to the end of its conversation, marked `backfilled`. Each step is one page of conversations: whoever
asks holds the place, so that nothing has to be remembered here and any step can be repeated.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.backlog import Backlog
from adapters.base import Decoded, Inbound
from adapters.sending import SendError
from gateway.accounts.questions import Questions
from gateway.accounts.side import side
from gateway.inbound.intake import Intake
from gateway.store.records import Account


class Progress(Struct, frozen=True, kw_only=True):
    """One step."""

    stored: int
    duplicates: int
    after: str | None
    """Where the next step begins; None: all since then has been looked at."""


class Backfill:
    """Messenger and Instagram only: WhatsApp keeps no messages for us, but repeats webhooks for 7 days."""

    def __init__(self, questions: Questions, intake: Intake) -> None:
        self._questions = questions
        self._intake = intake

    async def step(self, account: Account, since: int, after: str | None) -> Progress:
        """Take in one page of conversations; `since` in Unix milliseconds.

        Raises Unsendable where the platform has no history, AccountFault, StoreUnavailable.
        """
        adapter, asked = ADAPTERS[account.platform], side(account)

        def read(status: int, headers: Mapping[str, str], body: bytes) -> Backlog | SendError:
            return adapter.backlog_result(status, headers, body, asked)

        request = adapter.backlog_request(asked, after)
        page = await self._questions.learn(request, account.access_token or "", read)
        elements = [one for envelope in page.envelopes for one in _elements(account, envelope, since)]
        admissions = await self._intake.take(account.platform, account.app_id, elements)
        duplicates = sum(one.state == "duplicate" for one in admissions)
        done = page.oldest_ms is not None and page.oldest_ms < since
        return Progress(
            stored=len(admissions) - duplicates, duplicates=duplicates, after=None if done else page.after
        )


def _elements(account: Account, envelope: bytes, since: int) -> list[Decoded]:
    decoded = ADAPTERS[account.platform].decode(Inbound(envelope))
    return [
        replace(one, event=replace(one.event, backfilled=True, signature_verified=None))
        for one in decoded
        if isinstance(one, Decoded) and one.event.timestamp_ms >= since
    ]
