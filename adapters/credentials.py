"""What a token of Meta's is worth, and a new one before it ends. Pure: requests, and what answers mean.

    GET /debug_token?input_token=…     {"data":{"app_id":"…","is_valid":true,"expires_at":0,"scopes":[…],
                                        "granular_scopes":[{"scope":"…","target_ids":["…"]}]}}
    GET /refresh_access_token?grant_type=ig_refresh_token     {"access_token":"…","expires_in":5183944}

Meta, "Debug Token", "Secure Graph API Requests", "Instagram Platform: Refresh Access Token".
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, structs

from adapters._graph.answer import result
from adapters._graph.edge import FACEBOOK, INSTAGRAM
from adapters._graph.meaning import GRAPH
from adapters._graph.proof import appsecret_proof
from adapters._values import mapping, text, untyped
from adapters.sending import Request, SendError

INSTAGRAM_LOGIN = "IG"
"""What a token of Instagram Login begins with; all others begin with `EAA`."""
_PROOF = "appsecret_proof"
_PARAMETER = 100


class TokenFacts(Struct, frozen=True, kw_only=True):
    """What Meta says about a token."""

    valid: bool
    app_id: str | None = None
    scopes: tuple[str, ...] = ()
    expires_at: int | None = None
    """Unix seconds; None: never."""
    targets: Mapping[str, tuple[str, ...]] = {}
    """For some permissions the only objects that they are given for."""


class FreshToken(Struct, frozen=True, kw_only=True):
    """A token that takes the place of an older one."""

    access_token: str
    expires_in: int
    """Seconds."""

    def __repr__(self) -> str:
        return f"FreshToken(expires_in={self.expires_in})"


def proven(request: Request, token: str, app_secret: str) -> Request:
    """The request with the proof that whoever makes it knows the app secret as well as the token."""
    return structs.replace(request, query={**request.query, _PROOF: appsecret_proof(token, app_secret)})


def is_disproved(error: SendError) -> bool:
    """Whether a request was refused because the app secret is not that of the token's app."""
    return error.platform_code == _PARAMETER and _PROOF in (error.detail or "")


def facts_request(token: str) -> Request:
    """The request for what the token is worth; the token itself may ask."""
    return Request(method="GET", host=FACEBOOK, path="/debug_token", query={"input_token": token})


def facts_result(status: int, headers: Mapping[str, str], body: bytes) -> TokenFacts | SendError:
    """What the token is worth."""
    outcome = result(status, headers, body, GRAPH)
    if isinstance(outcome, SendError):
        return outcome
    given = mapping(mapping(untyped(body)).get("data"))
    ends = given.get("expires_at")
    return TokenFacts(
        valid=given.get("is_valid") is True,
        app_id=text(given.get("app_id")),
        scopes=_texts(given.get("scopes")),
        expires_at=ends if type(ends) is int and ends > 0 else None,
        targets=_targets(given.get("granular_scopes")),
    )


def refresh_request() -> Request:
    """The request for a fresh token of Instagram Login, made with the old one while it is still good."""
    query = {"grant_type": "ig_refresh_token"}
    return Request(method="GET", host=INSTAGRAM, path="/refresh_access_token", query=query)


def refresh_result(status: int, headers: Mapping[str, str], body: bytes) -> FreshToken | SendError:
    """The fresh token."""
    outcome = result(status, headers, body, GRAPH)
    if isinstance(outcome, SendError):
        return outcome
    given = mapping(untyped(body))
    token, lifetime = text(given.get("access_token")), given.get("expires_in")
    if token is None or type(lifetime) is not int:
        return SendError(code="unknown", retryable=False, status=status, title="The answer holds no token")
    return FreshToken(access_token=token, expires_in=lifetime)


def _targets(given: Any) -> dict[str, tuple[str, ...]]:
    scopes = [mapping(each) for each in given] if isinstance(given, list) else []
    return {
        name: _texts(each["target_ids"])
        for each in scopes
        if (name := text(each.get("scope"))) and "target_ids" in each
    }


def _texts(given: Any) -> tuple[str, ...]:
    return tuple(found for each in given if (found := text(each))) if isinstance(given, list) else ()
