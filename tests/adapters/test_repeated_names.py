"""A container whose name is there twice: every item of both is told."""

import pytest

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound

FIRST = b'{"sender":{"id":"7"},"recipient":{"id":"1"},"timestamp":1764009200123,"message":{"mid":"a"}}'
SECOND = FIRST.replace(b'"a"', b'"b"')
ENTRY = b'{"id":"1","time":1764009200123,"messaging":[%b]}'
MESSAGE = b'{"from":"7","id":"%b","timestamp":"1764009200","type":"text","text":{"body":"x"}}'
VALUE = b'"messaging_product":"whatsapp","metadata":{"phone_number_id":"5"}'
CHANGE = b'{"value":{%b,"messages":[%b]},"field":"messages"}' % (VALUE, MESSAGE)


def _page(entry: bytes) -> bytes:
    return b'{"object":"page",%b}' % entry


def _whatsapp(entry: bytes) -> bytes:
    return b'{"object":"whatsapp_business_account",%b}' % entry


def _ids(name: str, body: bytes) -> list[str | None]:
    events = [each.event for each in ADAPTERS[name].decode(Inbound(body)) if isinstance(each, Decoded)]
    return [event.message.id if event.message else None for event in events]


@pytest.mark.parametrize(
    "body",
    [
        _page(b'"entry":[{"id":"1","time":5,"messaging":[%b],"messaging":[%b]}]' % (FIRST, SECOND)),
        _page(b'"entry":[{"id":"1","time":5,"messaging":[%b], "messaging" : [%b]}]' % (FIRST, SECOND)),
        _page(b'"entry":[{"id":"1","time":5,"messaging":[%b],"messaging":%b}]' % (FIRST, SECOND)),
        _page(b'"entry":[%b],"entry":[%b]' % (ENTRY % FIRST, ENTRY % SECOND)),
        _page(b'"entry":%b,"entry":%b' % (ENTRY % FIRST, ENTRY % SECOND)),
        b"[%b]" % _page(b'"entry":[%b],"entry":[%b]' % (ENTRY % FIRST, ENTRY % SECOND)),
    ],
)
def test_messenger_tells_both(body: bytes) -> None:
    assert _ids("facebook", body) == ["a", "b"]


@pytest.mark.parametrize(
    "body",
    [
        _whatsapp(b'"entry":[{"id":"1","changes":[%b]}],"entry":[{"id":"1","changes":[%b]}]'),
        _whatsapp(b'"entry":[{"id":"1","changes":[%b],"changes":[%b]}]'),
    ],
)
def test_whatsapp_tells_both_changes(body: bytes) -> None:
    assert _ids("whatsapp", body % (CHANGE % b"a", CHANGE % b"b")) == ["a", "b"]


def test_whatsapp_tells_both_arrays_of_a_value() -> None:
    value = b'%b,"messages":[%b],"messages":[%b]' % (VALUE, MESSAGE % b"a", MESSAGE % b"b")
    change = b'{"value":{%b},"field":"messages"}' % value
    assert _ids("whatsapp", _whatsapp(b'"entry":[{"id":"1","changes":[%b]}]' % change)) == ["a", "b"]


@pytest.mark.parametrize("name", ADAPTERS)
@pytest.mark.parametrize("depth", [100, 400, 700, 850, 900, 930, 950, 970, 990, 1_000])
def test_no_depth_beside_a_repeated_name_is_too_much(name: str, depth: int) -> None:
    deep = b'{"a":' + b"[" * depth + b"]" * depth + b"}"
    body = _page(b'"entry":[{"id":"1","changes": [%b],"changes":[%b]}]' % (deep, deep))
    assert ADAPTERS[name].decode(Inbound(body))


def test_the_first_of_two_values_is_not_lost() -> None:
    change = b'{"value":{"messages":[{"n":1}]},"value":{"messages":[{"n":2}]},"field":"messages"}'
    (only,) = ADAPTERS["whatsapp"].decode(Inbound(_whatsapp(b'"entry":[{"id":"1","changes":[%b]}]' % change)))
    assert isinstance(only, Decoded) and only.event.raw is not None
    assert bytes(only.event.raw.inline or b"") == change
