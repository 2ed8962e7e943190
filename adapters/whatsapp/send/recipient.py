"""Whom a message is for. A telephone number stands in `to`, a business-scoped id in `recipient`.

A business-scoped id in `to` is taken with 200, cut down to its digits and lost; a Messenger id there would
be dialled. So each kind has its place and its form. Meta, "Business-scoped user ids"; "Phone numbers":
without a plus, `to` is completed with the country code of the sender.
"""

import re

from adapters.outgoing import Recipient
from adapters.sending import Unsendable, foreign

_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_DIGITS = re.compile(r"\+?[1-9][0-9]{3,14}")
"""ITU-T E.164: at most 15 digits with the country code, which never begins with 0."""
_TRUNK = re.compile(r"\(0+\)")
_PUNCTUATION = str.maketrans("", "", " -()")
KINDS = ("wa_id", "phone", "bsuid", "parent_bsuid", "group")


def recipient(to: Recipient) -> dict[str, str]:
    """The members that name the recipient. Raises Unsendable."""
    if to.kind not in KINDS:
        raise foreign(KINDS)
    if to.kind == "group":
        return {"recipient_type": "group", "to": to.value}
    if to.kind in ("bsuid", "parent_bsuid"):
        return {"recipient_type": "individual", "recipient": _bsuid(to.value)}
    return {"recipient_type": "individual", "to": _number(to)}


def _bsuid(value: str) -> str:
    if not _BSUID.fullmatch(value):
        raise Unsendable("invalid", "to.value", "is no business-scoped user id, such as US.1349…")
    return value


def _number(to: Recipient) -> str:
    """The number with its plus. A wa_id is complete without one; of a telephone number nobody knows that."""
    if _TRUNK.search(to.value):
        raise Unsendable("invalid", "to.value", "has a 0 in brackets: leave it out, or write it")
    digits = to.value.translate(_PUNCTUATION)
    if not _DIGITS.fullmatch(digits):
        raise Unsendable("invalid", "to.value", "is no telephone number: 4 to 15 digits, the first no 0")
    if to.kind == "phone" and not digits.startswith("+"):
        raise Unsendable("invalid", "to.value", "needs its country code and a plus, such as +49…")
    return digits if digits.startswith("+") else f"+{digits}"
