"""Is the account really theirs? Meta is asked with the token that is given."""

from collections.abc import Sequence

from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.holder import Holder
from gateway.accounts.errors import AccountFault
from gateway.accounts.questions import Questions
from gateway.accounts.side import side
from gateway.directory import Directory
from gateway.store.records import Account


class Confirmation:
    """What a customer must pass who connects a page."""

    def __init__(self, questions: Questions, directory: Directory, app_secrets: Sequence[str]) -> None:
        """`app_secrets`: those of the settings; the directory's apps have their own."""
        self._questions = questions
        self._directory = directory
        self._app_secrets = tuple(app_secrets)

    async def confirm(self, account: Account, token: str) -> Holder:
        """The account as Meta names it. Raises AccountFault unless the token is good for all that we do."""
        account = replace(account, access_token=token)
        holder = await self._questions.holder(account, token, self.secrets(account.app_id))
        if holder.id != account.page_id:
            raise AccountFault("token_mismatch", f"The token speaks for {holder.id}, not {account.page_id}.")
        facts = await self._questions.facts(account, token)
        if facts is None:
            return holder
        if not facts.valid:
            raise AccountFault("token_expired", "Meta says the token is no longer good. Get a new one.")
        if lacking := missing_scopes(account, facts.scopes):
            raise AccountFault(
                "token_scopes_missing", f"The token lacks {', '.join(lacking)}. Ask for them at login."
            )
        return holder

    def secrets(self, app_id: str | None) -> tuple[str, ...]:
        """The app secrets that a token may belong to."""
        if app_id is not None and app_id in self._directory.apps:
            return self._directory.apps[app_id].app_secrets
        registered = [secret for app in self._directory.apps.values() for secret in app.app_secrets]
        return tuple(dict.fromkeys((*self._app_secrets, *registered)))


def missing_scopes(account: Account, scopes: Sequence[str]) -> list[str]:
    """The permissions that the account's token needs and does not have."""
    needed = ADAPTERS[account.platform].scopes(side(account))
    return [scope for scope in needed if scope not in scopes]
