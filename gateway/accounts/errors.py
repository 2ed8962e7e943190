"""Why something about an account could not be had from Meta."""

from typing import Literal

from adapters.sending import SendError

Reason = Literal[
    "token_mismatch",
    "token_expired",
    "token_scopes_missing",
    "token_of_another_app",
    "token_refused",
    "graph_unreachable",
]
"""`graph_unreachable` passes by itself; the others ask for another token."""


class AccountFault(Exception):
    """The text says what is wrong and what helps; it holds no token."""

    def __init__(self, reason: Reason, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.retry_after = retry_after
        """Seconds."""


def fault_of(error: SendError) -> AccountFault:
    """What Meta's refusal of a question about an account comes down to."""
    said = error.detail or error.title or "no reason given"
    said = said.removesuffix(".")
    if error.code == "token_expired":
        return AccountFault("token_expired", f"Meta says the token is no longer good: {said}. Get a new one.")
    if error.retryable or error.ambiguous:
        return unreachable(said, error.retry_after)
    if error.code in ("account_mismatch", "invalid"):
        return AccountFault("token_mismatch", "The token does not speak for this account.")
    if error.code == "permission":
        return AccountFault("token_scopes_missing", f"The token lacks a permission: {said}")
    return AccountFault("token_refused", f"Meta refused the token: {said}")


def unreachable(said: str, retry_after: int | None = None) -> AccountFault:
    """Meta gave no answer, or none now."""
    return AccountFault("graph_unreachable", f"Meta gave no answer ({said}). Try again.", retry_after)
