"""Opening envelopes: entries with exact bytes, whatever the rest is like."""

import json

import pytest

from adapters._envelope import Entry, entries, pointer
from adapters._members import items, members
from adapters.base import Quarantined


def _entries(body: bytes) -> list[Entry]:
    found = entries(body)
    assert all(isinstance(entry, Entry) for entry in found), found
    return [entry for entry in found if isinstance(entry, Entry)]


def test_an_entry_is_opened_item_by_item() -> None:
    (entry,) = _entries(b'{"object":"page","entry":[{"id":"1","time":2,"messaging":[{"a": 1 },{"b":2}]}]}')
    assert (entry.pointer, entry.object, entry.id, entry.time) == ("/entry/0", "page", "1", 2)
    assert [bytes(raw) for raw in entry.containers["messaging"]] == [b'{"a": 1 }', b'{"b":2}']
    assert json.loads(entry.head + b'"messaging":[]}]}')["entry"] == [{"id": "1", "time": 2, "messaging": []}]


def test_an_unusual_entry_keeps_metas_own_bytes() -> None:
    body = (
        b'{"object":"page","entry":[{"uid":5,"id":17841400000000042,"time":"2025-11-24T18:33:20Z","x":[{}]}]}'
    )
    (entry,) = _entries(body)
    assert (entry.id, entry.time) == ("17841400000000042", "2025-11-24T18:33:20Z")
    assert entry.head == b'{"object":"page","entry":[{"id":17841400000000042,"time":"2025-11-24T18:33:20Z",'
    assert entry.whole == body[26:-2]
    assert list(entry.containers) == ["x"] and list(entry.others) == ["uid"]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b'[{"entry":[{"id":"1"}]},{"entry":{"id":"2"}}]', ["/0/entry/0", "/1/entry"]),
        (b'{"entry":[{"id":"1"}],"more":{"a":1},"n":5,"list":[1]}', ["/entry/0", ""]),
        (b'{"entry":[{"id":"1"}],"more":[{"a":1}]}', ["/entry/0", ""]),
    ],
)
def test_every_form_of_a_body_is_opened(body: bytes, pointers: list[str]) -> None:
    assert [entry.pointer for entry in _entries(body)] == pointers


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b"  ", "not_json"),
        (b"{", "not_json"),
        (b"not json", "not_json"),
        (b"{\xff}", "not_json"),
        (b'{"entry":[{"id":"1"}]}{}', "not_json"),
        (b'{"entry":[{"id":"1",}]}', "not_json"),
        (b'\xef\xbb\xbf{"entry":[{"id":"1"}]}', "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "too_deep"),
        (b'"text"', "not_an_object"),
        (b"5", "not_an_object"),
        (b"{}", "no_entries"),
        (b"[]", "no_entries"),
        (b'{"object":"page","entry":[]}', "no_entries"),
        (b'{"object":"page","entry":null,"more":{}}', "no_entries"),
    ],
)
def test_what_cannot_be_opened_is_quarantined_whole(body: bytes, reason: str) -> None:
    assert entries(body) == [Quarantined(reason=reason, pointer="", body=body)]


@pytest.mark.parametrize(
    "entry", [b'{"id":"%b","x":[{}]}', b'{"id":"1","%b":[{}]}', b'{"time":"%b","x":[{}]}']
)
def test_an_id_or_name_without_end_is_not_repeated_with_every_item(entry: bytes) -> None:
    long = entry % (b"9" * 5_000)
    body = b'{"object":"page","entry":[%b]}' % long
    assert entries(body) == [Quarantined(reason="too_long", pointer="/entry/0", body=long)]


def test_a_bad_entry_does_not_harm_its_siblings() -> None:
    first, second, third = entries(b'{"object":"page","entry":["x",{"id":"1"},null]}')
    assert first == Quarantined(reason="not_an_object", pointer="/entry/0", body=b'"x"')
    assert isinstance(second, Entry)
    assert third == Quarantined(reason="not_an_object", pointer="/entry/2", body=b"null")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"\ud83d", "\ufffd"),
        (rb"\udc4b!", "\ufffd!"),
        (rb"\uD83Dx", "\ufffdx"),
        (rb"\ud83d\ud83d\udc4b", "\ufffd\U0001f44b"),
        (rb"\\ud83d", r"\ud83d"),
        (rb"\\\ud83d", "\\\ufffd"),
        (rb"\ud83d\u0041", "\ufffdA"),
    ],
)
def test_half_a_character_does_not_spoil_the_body(written: bytes, read: str) -> None:
    (entry,) = _entries(b'{"entry":[{"id":"1","x":[{"lone":"\\ud83d","text":"%b"}]}]}' % written)
    assert json.loads(bytes(entry.containers["x"][0])) == {"lone": "\ufffd", "text": read}


def test_members_and_items_are_none_of_other_values() -> None:
    assert members(b"[]") is None and members(b"{") is None and members(b'{"\xff":1}') is None
    assert items(b"{}") is None and items(b"[") is None


def test_a_pointer_escapes_what_rfc_6901_says() -> None:
    assert pointer("/entry/0", "a/b~c") == "/entry/0/a~1b~0c"
