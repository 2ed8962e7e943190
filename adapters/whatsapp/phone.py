"""Ways to write one phone line, so that a search for one of them finds the others. Nothing is rewritten.

WhatsApp and people disagree about a digit in three countries: Brazil's mobile numbers have a ninth digit
that the ids of older ones lack, Mexico's mobiles had a 1 after the country code, Argentina's have a 9.
A Brazilian landline has eight digits and begins with 2 to 5, an old mobile with 6 to 9: only the latter
gained the digit, so that no landline matches a mobile. A match is no proof of identity.
"""

import re

_NOTATION = str.maketrans("", "", "+ -().\u00a0")

_SPELLINGS = (
    (re.compile(r"55([1-9][1-9])9([6-9]\d{7})", re.ASCII), r"55\1\2"),
    (re.compile(r"55([1-9][1-9])([6-9]\d{7})", re.ASCII), r"55\g<1>9\2"),
    (re.compile(r"521([2-9]\d{9})", re.ASCII), r"52\1"),
    (re.compile(r"52([2-9]\d{9})", re.ASCII), r"521\1"),
    (re.compile(r"549([1-3]\d{9})", re.ASCII), r"54\1"),
    (re.compile(r"54([1-3]\d{9})", re.ASCII), r"549\1"),
)
"""A way to write a line, and the other one."""


def match_keys(phone: str) -> tuple[str, ...]:
    """The digits of a phone number, and of the other way to write it where there is one.

    What is no phone number (a business-scoped user id, a group id) has itself as its only key.
    """
    digits = phone.translate(_NOTATION)
    if not (digits.isascii() and digits.isdigit()):
        return (phone,)
    others = [pattern.sub(other, digits) for pattern, other in _SPELLINGS if pattern.fullmatch(digits)]
    return (digits, *others)
