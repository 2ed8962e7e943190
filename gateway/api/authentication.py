"""Who calls: the operator, or a customer through one of its keys."""

import hashlib
import hmac
from typing import Literal

from msgspec import Struct

from gateway.api.problems import Problem, ProblemKind
from gateway.services import Services
from gateway.store.records import ApiKey

Access = Literal["open", "read", "write", "send", "operator"]
"""What an operation asks of its caller; `open` needs no key."""
Scope = Literal["read", "write", "send", "admin"]
"""What a key may do; `admin` is all of the others."""


class Caller(Struct, frozen=True, kw_only=True):
    """The one who calls. `customer_id` None is the operator, who sees all."""

    customer_id: str | None
    key_id: str | None = None
    scopes: tuple[str, ...] = ()

    @property
    def is_operator(self) -> bool:
        """Whether the operator's own key was used."""
        return self.customer_id is None


NOBODY = Caller(customer_id="")
"""Who calls an open operation: a customer that owns nothing."""


def authenticate(services: Services, header: str | None) -> Caller:
    """The caller that an `Authorization: Bearer` header proves. Raises Problem (401).

    Both comparisons are over digests: the operator's in constant time, a customer's by look-up, which
    tells an attacker nothing about any other key.
    """
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _unauthorized(given=False)
    digest = hashlib.sha256(token.encode("latin-1")).digest()
    expected = hashlib.sha256(services.settings.admin_key.encode()).digest()
    if hmac.compare_digest(digest, expected):
        return Caller(customer_id=None)
    key = services.directory.keys.get(digest)
    if key is None or not _is_live(key, services.clock()):
        raise _unauthorized(given=True)
    return Caller(customer_id=key.customer_id, key_id=key.id, scopes=key.scopes)


def is_valid(services: Services, caller: Caller) -> bool:
    """Whether a caller who was let in would be still: a long answer outlives keys."""
    keys = services.directory.keys.values()
    now = services.clock()
    return caller.is_operator or any(key.id == caller.key_id and _is_live(key, now) for key in keys)


def authorize(caller: Caller, access: Access) -> None:
    """Let the caller do what needs `access`. Raises Problem (403)."""
    if caller.is_operator:
        return
    if access == "operator":
        raise Problem(ProblemKind.OPERATOR_ONLY, "Use the operator's key, or ask the operator.")
    if access not in caller.scopes and "admin" not in caller.scopes:
        raise Problem(ProblemKind.SCOPE_MISSING, f"Use a key that has the scope `{access}`.")


def _is_live(key: ApiKey, now: int) -> bool:
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


def _unauthorized(*, given: bool) -> Problem:
    challenge = 'Bearer realm="gateway"' + (', error="invalid_token"' if given else "")
    detail = "Send `Authorization: Bearer <key>` with a key that exists, is not revoked and has not expired."
    return Problem(ProblemKind.UNAUTHORIZED, detail, headers={"WWW-Authenticate": challenge})
