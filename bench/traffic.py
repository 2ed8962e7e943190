"""What the servers under test receive: signed text messages, as Meta would post them.

Every message is distinct and carries a mark with its number, by which the sink knows it again whatever
the server in between made of it.
"""

import base64
import hmac
import json
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

PLATFORMS = ("facebook", "instagram", "whatsapp")
MARK = b"bench-"
_DIGITS = 9
PEOPLE = 5_000
_PAGES = 20
_STRIDE = 1_009
"""Coprime to the number of people: neighbouring messages come from people of different pages."""
_encode = json.JSONEncoder(separators=(",", ":")).encode
_SYLLABLES = [first + last for first in "bdfghklmnprstvwz" for last in "aeiou"]
_WORDS = [*_SYLLABLES, *(first + last for first in _SYLLABLES for last in _SYLLABLES)]
_TEXT = "Hello! Is the blue one back in stock, and can it be at the café by Friday? Thank you so much."


class Request(NamedTuple):
    """One webhook request, ready to be written to a socket."""

    number: int
    wire: bytes


def number(body: bytes) -> int | None:
    """The number of the message that a delivered body was made of; None if it bears no mark."""
    start = body.find(MARK)
    if start < 0:
        return None
    start += len(MARK)
    return int(body[start : start + _DIGITS])


def mark_of(number: int) -> str:
    """By what a message is known again."""
    return f"{MARK.decode()}{number:0{_DIGITS}}"


class Traffic:
    """People writing to pages, the platforms in turn: 5,000 to 20, if not said otherwise."""

    def __init__(
        self,
        app_secret: str,
        sent_ms: int,
        platforms: Sequence[str] = PLATFORMS,
        *,
        pages: int = _PAGES,
        people: int = PEOPLE,
    ) -> None:
        self._secret = app_secret.encode()
        self._sent_ms = sent_ms
        self._platforms = platforms
        self._pages = pages
        self._people = people
        self._next = 0

    def requests(self, count: int) -> list[Request]:
        """The next messages, each as a signed POST; no message is given out twice."""
        first, self._next = self._next, self._next + count
        return [Request(n, self._post(*self.envelope(n))) for n in range(first, self._next)]

    def person(self, number: int) -> int:
        """Who writes a message."""
        return number * _STRIDE % self._people

    def page(self, number: int) -> int:
        """The page that a message is for."""
        return self.person(number) % self._pages

    def account(self, page: int) -> tuple[str, str]:
        """A page as its platform knows it: platform and id."""
        return self._platforms[page % len(self._platforms)], f"1000{page:011}"

    def envelope(self, number: int) -> tuple[str, bytes]:
        """The platform of a message and Meta's envelope around it."""
        platform, page_id = self.account(self.page(number))
        build = _whatsapp if platform == "whatsapp" else _messaging
        value = build(platform, page_id, f"2{self.person(number):015}", self._message(number))
        return platform, _encode(value).encode()

    def signature(self, body: bytes) -> bytes:
        """The value of `X-Hub-Signature-256`."""
        return b"sha256=" + hmac.digest(self._secret, body, "sha256").hex().encode()

    def _message(self, number: int) -> "_Message":
        return _Message(f"{number:064}", self._sent_ms + number, f"{mark_of(number)} {_TEXT}")

    def _post(self, platform: str, body: bytes) -> bytes:
        return (
            b"POST /webhooks/%b HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
            b"User-Agent: facebookexternalua\r\nContent-Type: application/json\r\n"
            b"X-Hub-Signature-256: %b\r\nContent-Length: %d\r\n\r\n%b"
        ) % (platform.encode(), self.signature(body), len(body), body)


class Varied(Traffic):
    """The same people, saying something else each time, under ids as the platforms give them.

    One text for all, and ids full of zeros, would lie compressed in a third of the room. The words are of one
    or two syllables, 40 to 220 characters of them, 95 as a rule.
    """

    def _message(self, number: int) -> "_Message":
        chance = Random(number)  # noqa: S311 — the same words in every run
        words = chance.choices(_WORDS, k=44)
        length = min(40 + int(chance.expovariate(1 / 55)), 220)
        token = base64.urlsafe_b64encode(chance.randbytes(48)).decode()
        text = f"{mark_of(number)} {' '.join(words)[:length]}"
        return _Message(token, self._sent_ms + number * 7 + chance.randint(0, 6), text)


class _Message(NamedTuple):
    token: str
    """What the platform's id of it is made of: 64 characters."""
    sent_ms: int
    text: str


def _messaging(platform: str, page: str, person: str, message: _Message) -> dict[str, Any]:
    item = {
        "sender": {"id": person},
        "recipient": {"id": page},
        "timestamp": message.sent_ms,
        "message": {"mid": f"m_{message.token}", "text": message.text},
    }
    name = "page" if platform == "facebook" else platform
    return {"object": name, "entry": [{"id": page, "time": message.sent_ms + 120, "messaging": [item]}]}


def _whatsapp(platform: str, page: str, person: str, message: _Message) -> dict[str, Any]:
    item = {
        "from": person,
        "id": f"wamid.{message.token[-56:]}",
        "timestamp": str(message.sent_ms // 1000),
        "text": {"body": message.text},
        "type": "text",
    }
    value = {
        "messaging_product": platform,
        "metadata": {"display_phone_number": f"1555{page[-7:]}", "phone_number_id": page},
        "contacts": [{"profile": {"name": f"Person {person[-4:]}"}, "wa_id": person}],
        "messages": [item],
    }
    entry = {"id": f"9{page[1:]}", "changes": [{"value": value, "field": "messages"}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}
