"""`to` and `recipient` of a WhatsApp message: a phone in any spelling, or a BSUID; `to` wins."""

import re
from typing import Any

from msgspec import Struct

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.numbers import Number
from gateway.simulator.people import Person

BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


class Address(Struct, frozen=True, kw_only=True):
    """Who a message goes to."""

    input: str
    peer: str
    """The digits or the BSUID that the message id is made of."""
    contact: dict[str, Any]
    """How the answer names them."""
    person: Person | None
    nobody: Person | None = None
    """A stand-in for a phone that is not on WhatsApp, for the webhook that says so."""


def find(call: Call, number: Number) -> Address:
    """Who is meant. Raises GraphError."""
    if call.text("recipient_type", "individual") != "individual":
        raise errors.whatsapp(131009, "The parameter recipient_type is not valid.")
    if to := call.text("to"):
        return _by_phone(call, number, to)
    if recipient := call.text("recipient"):
        return _by_bsuid(call, number, recipient)
    raise errors.whatsapp(131008, "The parameter to is required.")


def _by_phone(call: Call, number: Number, to: str) -> Address:
    """Whatever is no digit is dropped, even from a BSUID: such a message is accepted and goes nowhere."""
    digits = "".join(filter(str.isdigit, to))
    if not digits:
        raise errors.whatsapp(131009, "The parameter to is not a phone number.")
    if digits == number.display:
        raise errors.whatsapp(131021)
    person = call.meta.people.with_phone(digits)
    lost = (
        None
        if person or BSUID.fullmatch(to)
        else Person(key=digits, name=digits, username=None, phone=digits)
    )
    contact = {"input": to, "wa_id": digits}
    return Address(input=to, peer=digits, contact=contact, person=person, nobody=lost)


def _by_bsuid(call: Call, number: Number, recipient: str) -> Address:
    if not BSUID.fullmatch(recipient):
        raise errors.whatsapp(131009, "The parameter recipient is not a business-scoped user ID.")
    template = call.params.get("template")
    if isinstance(template, dict) and _is_authentication(call, template):
        raise errors.whatsapp(131062)
    person = call.meta.people.with_bsuid(number, recipient)
    lost = None if person else _stranger(number, recipient)
    contact = {"input": recipient, "user_id": recipient}
    return Address(input=recipient, peer=recipient, contact=contact, person=person, nobody=lost)


def _stranger(number: Number, bsuid: str) -> Person:
    """Somebody whom nobody knows; the webhook that says so names the id."""
    ids = {number.business: bsuid}
    return Person(key=bsuid, name=bsuid, username=None, phone="", hides_phone=True, bsuids=ids)


def _is_authentication(call: Call, template: dict[str, Any]) -> bool:
    named = {made.name: made for made in call.meta.templates.values()}
    found = named.get(str(template.get("name")))
    return found is not None and found.category == "AUTHENTICATION"
