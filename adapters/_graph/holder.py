"""What the platform says of an account when it is asked with a token.

    GET /me?fields=id,name                                  {"id":"<page>","name":"…"}
    GET /me?fields=id,name,instagram_business_account       {…,"instagram_business_account":{"id":"17841…"}}
    GET /me?fields=user_id,username  (Instagram Login)      {"user_id":"17841…","username":"…","id":"<other>"}
    GET /{phone_number_id}                                  {"id":"…","verified_name":"…"}
    GET /{waba}/phone_numbers                               {"data":[{"id":"…","verified_name":"…"}]}

`/me` and not the Page's own id: everybody's token may look at a Page. Meta, "Graph API: Page",
"Instagram Platform: Get Started", "WhatsApp Business Management API: Phone numbers".
"""

from collections.abc import Callable, Mapping
from typing import Any

from adapters._graph.answer import result
from adapters._graph.meaning import Meanings
from adapters._values import mapping, text, untyped
from adapters.holder import Holder
from adapters.sending import SendError

Find = Callable[[dict[str, Any]], Holder | None]
NOBODY = SendError(
    code="account_mismatch", retryable=False, scope="account", title="The token speaks for no such account"
)


def held(
    status: int, headers: Mapping[str, str], body: bytes, table: Meanings, find: Find
) -> Holder | SendError:
    """The holder that `find` sees in the answer."""
    outcome = result(status, headers, body, table)
    return outcome if isinstance(outcome, SendError) else find(mapping(untyped(body))) or NOBODY


def named(given: dict[str, Any], id: str, name: str) -> Holder | None:
    """The holder whose id and name stand under these members."""
    found = text(given.get(id))
    return None if found is None else Holder(id=found, name=text(given.get(name)))
