"""Meta's `signed_request`: who asks to be forgotten, proved by an app secret. Pure.

`<base64url of the HMAC-SHA256>.<base64url of JSON>`, both without padding; what is signed is the second part
as it stands. Meta, "Data Deletion Request Callback" and "Parsing the Signed Request".
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from adapters.base import Refused

LONGEST = 16 * 1024
"""Characters; Meta's have a few hundred."""


class SignedRequest(Struct, frozen=True):
    """What the person's request says."""

    user_id: str | int
    """Their id with the app."""
    algorithm: str = ""
    issued_at: int = 0

    @property
    def app_scoped_id(self) -> str:
        """`user_id` as the string that it is."""
        return str(self.user_id)


def read(text: str, secrets: Sequence[str]) -> SignedRequest:
    """The request, if one of the secrets signed it. Raises Refused."""
    given, _, payload = text.partition(".")
    if not payload or len(text) > LONGEST or not text.isascii():
        raise Refused("no_signature")
    signature = _decoded(given)
    signed = [hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest() for secret in secrets]
    # Every secret is tried, so that the time tells nothing of which one fits.
    if not sum(hmac.compare_digest(signature, one) for one in signed):
        raise Refused("wrong_signature")
    try:
        request = msgspec.json.decode(_decoded(payload), type=SignedRequest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused("malformed_signature") from None
    if request.algorithm.upper() != "HMAC-SHA256" or not request.app_scoped_id:
        raise Refused("malformed_signature")
    return request


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise Refused("malformed_signature") from None
