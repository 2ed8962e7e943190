"""Everything that is made up: ids, tokens, odds. The same seed makes the same of all of them."""

import base64
import random
import string
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_DIGITS = string.digits
_LETTERS = string.ascii_letters + string.digits
_TOKEN_OF_A_WAMID = 20


class Chance:
    """One source of chance per simulated Meta."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, and protects nothing

    def digits(self, length: int) -> str:
        """A number of that many digits, as text."""
        return self._random.choice("123456789") + self._pick(_DIGITS, length - 1)

    def text(self, length: int) -> str:
        """Letters and digits."""
        return self._pick(_LETTERS, length)

    def happens(self, probability: float) -> bool:
        """True that often."""
        return self._random.random() < probability

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The same items in another order."""
        return self._random.sample(items, len(items))

    def messenger_mid(self) -> str:
        """A message id of Messenger."""
        return f"m_{self.text(86)}"

    def instagram_mid(self) -> str:
        """A message id of Instagram."""
        return f"aWdfZAG1faXRlbToxOklHTWVzc2FnZA{self.text(90)}ZD"

    def wamid(self, peer: str, *, outbound: bool) -> str:
        """A message id of WhatsApp: base64 over peer, direction and token, as people have found it to be."""
        token = self._pick("0123456789ABCDEF", _TOKEN_OF_A_WAMID).encode()
        direction = b"\x11" if outbound else b"\x12"
        record = (
            b"\x1c\x18" + bytes([len(peer)]) + peer.encode() + b"\x15\x02\x00" + direction
            + b"\x18" + bytes([len(token)]) + token + b"\x00"
        )  # fmt: skip
        return f"wamid.{base64.b64encode(record).decode()}"

    def _pick(self, alphabet: str, length: int) -> str:
        return "".join(self._random.choices(alphabet, k=length))
