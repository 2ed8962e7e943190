"""What is wrong with an account, and what mends it. Pure."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from adapters.callbacks import Callback
from adapters.subscription import Subscription
from gateway.accounts.errors import AccountFault

DAY_S = 86_400
NOT_SUBSCRIBED = "not_subscribed"
WARN_DAYS = 7
SERIOUS = frozenset(
    {
        *("token_mismatch", "token_expired", "token_scopes_missing", "token_of_another_app"),
        *("token_refused", NOT_SUBSCRIBED),
    }
)
"""What keeps the gateway from working for the account now."""
_ASK_AGAIN = "Get a new token and send it with POST /v1/accounts (platform, page_id, access_token)."
_REMEDIES = {
    "token_scopes_missing": "Ask for them at login, then send the new token with POST /v1/accounts.",
    "token_of_another_app": "Add the secret of that app (GATEWAY_APP_SECRETS or POST /v1/apps).",
    "graph_unreachable": "Nothing to do: it is looked at again.",
}


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is wrong."""

    code: str
    detail: str
    remedy: str
    fixable: bool = False
    """The gateway can mend it: POST /v1/accounts/{id}/subscribe, or `gateway doctor --fix`."""


def no_token() -> Finding:
    """Nothing can be sent and nothing fetched."""
    return Finding(
        code="no_token", detail="There is no access token: nothing can be sent.", remedy=_ASK_AGAIN
    )


def of_fault(fault: AccountFault) -> Finding:
    """What a look at the token has shown."""
    return Finding(code=fault.reason, detail=str(fault), remedy=_REMEDIES.get(fault.reason, _ASK_AGAIN))


def of_expiry(expires_at: int | None, now: int) -> Iterator[Finding]:
    """A token that ends soon; both in Unix seconds."""
    if expires_at is not None and expires_at - now < WARN_DAYS * DAY_S:
        days = max(expires_at - now, 0) // DAY_S
        yield Finding(code="token_expires", detail=f"The token ends in {days} days.", remedy=_ASK_AGAIN)


def of_subscription(present: Subscription | None, wanted: Sequence[str]) -> Iterator[Finding]:
    """Whether our app hears of the account, and of all that it should."""
    remedy = "gateway doctor --fix, or POST /v1/accounts/{id}/subscribe."
    if present is None:
        detail = "The app is not subscribed to the account: Meta tells us nothing of it."
        yield Finding(code=NOT_SUBSCRIBED, detail=detail, remedy=remedy, fixable=True)
    elif lacking := [field for field in wanted if field not in present.fields]:
        detail = f"The app does not hear of {', '.join(lacking)}."
        yield Finding(code="fields_missing", detail=detail, remedy=remedy, fixable=True)


def of_callbacks(callbacks: Sequence[Callback], object_: str, public_url: str | None) -> Iterator[Finding]:
    """Whether the app posts what it hears to us; where we are reached is known only if it was said."""
    found = next((one for one in callbacks if one.object == object_), None)
    where = "App dashboard, Webhooks"
    if found is None or not found.active:
        detail = f"The app has no active webhook for the object {object_}."
        yield Finding(
            code="no_callback", detail=detail, remedy=f"{where}: add {object_} with our callback URL."
        )
    elif "messages" not in found.fields:
        detail = f"The app's webhook for {object_} does not have the field messages."
        yield Finding(
            code="callback_fields_missing", detail=detail, remedy=f"{where}: subscribe to messages."
        )
    elif elsewhere(found.url, public_url):
        detail = f"The app's webhooks for {object_} go to {found.url}, not to us."
        yield Finding(code="callback_elsewhere", detail=detail, remedy=f"{where}: change the callback URL.")


def of_override(url: str, public_url: str | None) -> Iterator[Finding]:
    """Whether a WhatsApp number or its WABA posts elsewhere."""
    if url and elsewhere(url, public_url):
        remedy = "Take it back with an empty override_callback_uri, at the number or its WABA."
        detail = f"The number's webhooks go to {url} instead of the app's callback."
        yield Finding(code="callback_overridden", detail=detail, remedy=remedy)


def elsewhere(url: str, public_url: str | None) -> bool:
    """Whether a callback is not this gateway's."""
    return public_url is not None and not url.startswith(f"{public_url.rstrip('/')}/webhooks/")
