"""Whose the scope of an identity is.

An identity claims everything that will ever come under it. In a scope of somebody else's it would claim
somebody else's person, before that person has even written.
"""

from typing import Any

from gateway.api.operations import Call
from gateway.api.problems import Problem, ProblemKind, invalid

_PLATFORMS = {
    "psid": "facebook",
    "user_ref": "facebook",
    "igsid": "instagram",
    "wa_id": "whatsapp",
    "bsuid": "whatsapp",
    "parent_bsuid": "whatsapp",
}
"""Of kinds that a platform gives. An `asid` is an app's, a `phone` is whatever a customer makes of it."""


def check_scope(call: Call[Any], platform: str, kind: str, scope: str) -> None:
    """Raises Problem unless such an id may be a contact's of this platform, and the scope is the caller's."""
    if _PLATFORMS.get(kind, platform) != platform:
        raise invalid("kind", f"is no kind of id that {platform} gives")
    if call.caller.is_operator or kind == "phone":
        return
    if kind == "asid":
        _check_app(call, scope)
    elif platform == "whatsapp":
        _check_numbers(call, scope)
    elif not any(one.platform == platform and one.page_id == scope for one in call.visible.accounts()):
        raise invalid("scope", "is no page of yours")


def _check_app(call: Call[Any], scope: str) -> None:
    """An app that is not registered here may be the customer's own, as that of its website's login."""
    apps = {one.app_id for one in call.visible.accounts()}
    if scope in call.services.directory.apps and not apps & {scope, None}:
        raise invalid("scope", "is no app of yours")


def _check_numbers(call: Call[Any], scope: str) -> None:
    """A WABA may have numbers of several customers, and all of them know its people."""
    numbers = call.services.directory.accounts.values()
    owners = {one.customer_id for one in numbers if scope in (one.waba_id, one.page_id)}
    if call.customer_id not in owners:
        raise invalid("scope", "is no WhatsApp Business Account of yours")
    if len(owners) > 1:
        detail = "Another customer has numbers in this WhatsApp Business Account too; ask the operator."
        raise Problem(ProblemKind.CONTACT_SHARED, detail)
