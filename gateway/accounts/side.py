"""An account as adapters see it."""

from adapters import sending
from adapters.credentials import INSTAGRAM_LOGIN
from gateway.store.records import Account


def side(account: Account) -> sending.Account:
    """The business's side: without the token, but with the kind of login that it shows."""
    token = account.access_token or ""
    by_itself = account.platform == "instagram" and token.startswith(INSTAGRAM_LOGIN)
    return sending.Account(
        page_id=account.page_id,
        waba_id=account.waba_id,
        login="instagram" if by_itself else "facebook",
    )
