"""Who hears of an account: subscribing our app, and taking it away where nobody needs it any more."""

from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.portfolio import linked_request, linked_result
from adapters.sending import Request, Sent, Unsendable
from adapters.subscription import Subscription
from gateway.accounts.questions import Questions
from gateway.accounts.side import side
from gateway.directory import Directory
from gateway.store.records import Account

FIELDS = "subscribed_fields"


class Subscriptions:
    """Of accounts with a token. A WABA and a Page each have one subscription, whoever shares it."""

    def __init__(self, questions: Questions, directory: Directory) -> None:
        self._questions = questions
        self._directory = directory

    async def present(self, account: Account, app_id: str | None) -> Subscription | None:
        """Our app's; any app's where we do not know which one is ours. Raises AccountFault, Unsendable."""
        adapter = ADAPTERS[account.platform]
        request = adapter.subscriptions_request(side(account))
        found = await self._questions.learn(request, _token(account), adapter.subscriptions_result)
        return next((each for each in found if app_id in (None, each.app_id)), None)

    async def subscribe(self, account: Account, app_id: str | None) -> None:
        """Let our app hear of it, and of what it hears already. Raises AccountFault, Unsendable.

        Meta replaces the fields of a Page by those it is given; the Page's other side may need the others.
        """
        present = await self.present(account, app_id)
        request = ADAPTERS[account.platform].subscribe_request(side(account))
        if present is not None and present.fields and (wanted := wanted_fields(account)):
            fields = ",".join(dict.fromkeys((*present.fields, *wanted)))
            request = replace(request, query={**request.query, FIELDS: fields})
        await self._done(request, account)

    async def unsubscribe(self, account: Account) -> bool:
        """Let our app hear no more. False: another account needs it. Raises AccountFault, Unsendable."""
        if await self._is_shared(account):
            return False
        await self._done(ADAPTERS[account.platform].unsubscribe_request(side(account)), account)
        return True

    async def _done(self, request: Request, account: Account) -> Sent:
        result = ADAPTERS[account.platform].result
        return await self._questions.learn(request, _token(account), result)

    async def _is_shared(self, account: Account) -> bool:
        others = [one for one in self._directory.accounts.values() if one.id != account.id]
        if account.waba_id is not None:
            return any(one.waba_id == account.waba_id for one in others)
        if side(account).login == "instagram":
            return False
        sides = await self._questions.learn(linked_request(), _token(account), linked_result)
        pages = {(each.platform, each.page_id) for each in sides}
        return any((one.platform, one.page_id) in pages for one in others)


def wanted_fields(account: Account) -> tuple[str, ...]:
    """What our app should hear of; nothing where accounts are subscribed as a whole. Raises Unsendable."""
    fields = ADAPTERS[account.platform].subscribe_request(side(account)).query.get(FIELDS, "")
    return tuple(filter(None, fields.split(",")))


def _token(account: Account) -> str:
    if account.access_token is None:
        raise Unsendable("permission", "access_token", "is needed")
    return account.access_token
