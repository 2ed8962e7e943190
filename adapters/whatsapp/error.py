"""Errors in Meta's numbers: on a message, on a status, beside the items of a value, or alone in it.

`{"code","title","message","error_data":{"details"},"href"}`; older ones are shorter. Meta, "Error codes".
"""

from adapters._values import text, with_text_ids
from adapters._wire import parse
from adapters.base import Decoded
from adapters.parts import Error
from adapters.whatsapp import wire
from adapters.whatsapp.element import Element, Fact, decoded
from adapters.whatsapp.frame import Header
from adapters.whatsapp.person import Party, person


def error(given: wire.Error) -> Error:
    """An error of Meta's, with its details from where they stand."""
    details = given.error_data.details if given.error_data else None
    return Error(
        code=text(given.code),
        title=given.title or None,
        message=given.message or None,
        details=details or given.details or None,
    )


def read(element: Element) -> Decoded:
    """An item of `errors` that belongs to no other item: the number or the account has a problem."""
    frame = element.frame
    contact = frame.contacts.of(Party())
    header = Header(origin="platform", person=person(Party(), contact, frame.scope), contact=contact)
    account = {**with_text_ids(parse(element.raw)), "change": "errors"}
    return decoded(element, header, Fact("account.update", {"account": account}))
