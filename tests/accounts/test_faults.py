"""What is told of Meta's refusals is in whole sentences."""

from adapters.sending import SendError
from gateway.accounts.errors import fault_of


def test_a_reason_that_is_a_sentence_keeps_one_full_stop() -> None:
    said = SendError(code="token_expired", retryable=False, detail="Session has expired.")
    assert str(fault_of(said)).endswith("Session has expired. Get a new one.")
