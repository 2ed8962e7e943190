"""What an error number of Meta's means for who sends.

The numbers of the Graph API itself are here; each platform adds its own. Meta, "Graph API: Handle Errors".
"""

from collections.abc import Mapping

from msgspec import Struct

from adapters.sending import Scope, SendCode

GLOBALLY_UNIQUE_FROM = 1_000_000
"""From here on a subcode means the same under any code."""


class Meaning(Struct, frozen=True, kw_only=True):
    """One row: our word, and what to do about it."""

    code: SendCode
    title: str
    scope: Scope = "message"
    retryable: bool = False
    retry_after: int | None = None
    """Seconds, where Meta names them."""
    ambiguous: bool = False
    already_done: bool = False


Number = tuple[int, int | None]
"""A code and, where it narrows the meaning, a subcode."""
Meanings = Mapping[Number, Meaning]


def invalid(title: str) -> Meaning:
    """The request itself is wrong; repeated it fails again."""
    return Meaning(code="invalid", title=title)


def unreachable(code: SendCode, title: str) -> Meaning:
    """This recipient cannot be written to."""
    return Meaning(code=code, title=title, scope="recipient")


def denied(title: str) -> Meaning:
    """The account or the app lacks something that a human has to mend."""
    return Meaning(code="permission", title=title, scope="account")


def forbidden(title: str) -> Meaning:
    """Meta has restricted the account."""
    return Meaning(code="policy", title=title, scope="account")


def limited(title: str, scope: Scope = "account", retry_after: int | None = None) -> Meaning:
    """Too much at once; later it works."""
    return Meaning(code="rate_limited", title=title, scope=scope, retryable=True, retry_after=retry_after)


def passing(title: str, retry_after: int | None = None) -> Meaning:
    """A failure that passes by itself."""
    return Meaning(code="temporary", title=title, retryable=True, retry_after=retry_after)


def done_before(title: str) -> Meaning:
    """Meta has it, or its like, already."""
    return Meaning(code="invalid", title=title, already_done=True)


EXPIRED = Meaning(code="token_expired", title="The access token is invalid or has expired", scope="account")

GRAPH: Meanings = {
    (0, None): EXPIRED,
    (1, None): passing("Unknown error of the API"),
    (1, 99): passing("Unknown error; if it stays, a permission is missing"),
    (1, 1357046): Meaning(code="unknown", title="The answer got lost; the message was sent", ambiguous=True),
    (2, None): passing("Temporary failure; if it stays, the person may have blocked the account"),
    (3, None): denied("The app lacks the capability"),
    (4, None): limited("The app's request limit is reached", scope="app"),
    (10, None): denied("The app lacks the permission"),
    (17, None): limited("The user's request limit is reached"),
    (32, None): limited("The Page's request limit is reached"),
    (33, None): invalid("The object does not exist, or the token may not see it"),
    (80007, None): limited("The business account's request limit is reached"),
    (100, None): invalid("A parameter is wrong"),
    (100, 33): invalid("The object does not exist, or the token may not see it"),
    (190, None): EXPIRED,
    (190, 458): EXPIRED,
    (190, 460): EXPIRED,
    (190, 463): EXPIRED,
    (190, 467): EXPIRED,
    **{(number, None): denied("A permission is missing") for number in range(201, 300)},
    (200, None): denied("The permission is missing, or the app is not live"),
    (341, None): limited("The app's limit is reached", scope="app"),
    (368, None): forbidden("Blocked for a time for breaking Meta's policies"),
    (506, None): done_before("The same was sent just before"),
    (613, None): limited("Too many calls"),
}
"""What every platform on the Graph API can answer."""


def meaning(code: int | None, subcode: int | None, table: Meanings) -> Meaning | None:
    """The row for a number; None where the number is not known."""
    if code is None:
        return None
    exact = table.get((code, subcode))
    if exact is None and subcode is not None and subcode >= GLOBALLY_UNIQUE_FROM:
        exact = next((row for number, row in table.items() if subcode in number), None)
    return exact or table.get((code, None))
