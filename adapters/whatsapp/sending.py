"""Sending from a WhatsApp number. Meta, "WhatsApp Cloud API: Send messages"."""

from collections.abc import Mapping

from adapters._graph import answer
from adapters.base import Identity
from adapters.parts import Error
from adapters.profile import NoProfile, Profile
from adapters.sending import Account, Request, SendError, Sent, Unsendable
from adapters.whatsapp.send.errors import ERRORS
from adapters.whatsapp.send.request import request
from adapters.whatsapp.send.upload import upload
from adapters.window import ReplyWindow

__all__ = ["WINDOW", "failure", "profile_request", "profile_result", "request", "result", "upload"]

WINDOW = ReplyWindow(templates=True)


def result(status: int, headers: Mapping[str, str], body: bytes) -> Sent | SendError:
    """What the answer to a request means."""
    return answer.result(status, headers, body, ERRORS)


def failure(error: Error) -> SendError:
    """What the error of a failed status means."""
    return answer.failure(error, ERRORS)


def profile_request(identity: Identity, account: Account) -> Request:
    """Always raises Unsendable: WhatsApp tells names in its webhooks only."""
    raise Unsendable("unsupported", "identity.kind", "has no profile on this channel")


def profile_result(status: int, headers: Mapping[str, str], body: bytes) -> Profile | NoProfile | SendError:
    """What an answer means to somebody who asked all the same."""
    outcome = result(status, headers, body)
    return outcome if isinstance(outcome, SendError) else NoProfile(reason="no_profile")
