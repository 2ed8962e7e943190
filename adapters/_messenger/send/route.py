"""Which host, and which node of it, speaks for an account.

A Page speaks as itself; so does an Instagram account with a login of its own. One that is connected
through a Page speaks through that Page, which its token names where we do not know it (`me`).
"""

from adapters._graph.edge import FACEBOOK, INSTAGRAM
from adapters._messenger.send.accent import Accent
from adapters.sending import Account


def host(account: Account, accent: Accent) -> str:
    """The Graph host that takes the account's token."""
    own = accent.platform == "instagram" and account.login == "instagram"
    return INSTAGRAM if own else FACEBOOK


def node(account: Account, accent: Accent) -> str:
    """Whose edge it is."""
    if accent.platform == "instagram" and account.login == "facebook":
        return account.linked_page_id or "me"
    return account.page_id
