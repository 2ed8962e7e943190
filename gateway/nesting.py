"""How deep JSON is nested: what is too deep cannot be walked through, here or at the customer's."""

import re
from itertools import accumulate

DEEPEST = 100
"""Objects and lists in each other; nothing that a platform takes comes near."""
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(rb"[][{}]")
_STEP = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


def too_deep(content: bytes) -> bool:
    """Whether more than DEEPEST objects and lists are in each other. It need not be valid JSON."""
    if content.count(b"[") + content.count(b"{") <= DEEPEST:
        return False
    steps = (_STEP[bracket] for bracket in _BRACKET.findall(_TEXT.sub(b"", content)))
    return max(accumulate(steps), default=0) > DEEPEST
