"""Every member of a message reaches the platform, or a warning names it."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from adapters import ADAPTERS
from adapters.outgoing import Outgoing
from adapters.sending import Prepared, Unsendable
from tests.adapters.outgoings import outgoings
from tests.adapters.sends import ACCOUNTS, PERSONS, TAG, sends

Path = tuple[str | int, ...]
EVERY = [(platform, name, outgoing) for platform in ADAPTERS for name, outgoing in sends(platform)]
OPTIONS = ("message", "reply_to", "message_tag", "messaging_type")


def leaves(form: Any, path: Path = ()) -> Iterator[Path]:
    """Where the values stand that are no lists or objects."""
    if isinstance(form, dict | list):
        for key, value in form.items() if isinstance(form, dict) else enumerate(form):
            yield from leaves(value, (*path, key))
    elif path[-1] != "type" or len(path) > 2:
        yield path


def changed(form: Any, path: Path) -> Any:
    """The same with another value there."""
    if not path:
        return _another(form)
    copy = form.copy()
    copy[path[0]] = changed(form[path[0]], path[1:])
    return copy


def _another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    last = (value or "0")[-1]
    return f"{(value or '0')[:-1]}{'1' if last != '1' else '2'}"


def prepared(platform: str, form: Any) -> Prepared | None:
    """None: it is refused, which is not silent."""
    try:
        outgoing = msgspec.convert(form, Outgoing)
        return ADAPTERS[platform].request(outgoing, ACCOUNTS[platform])
    except (Unsendable, msgspec.ValidationError):
        return None


def dropped(platform: str, outgoing: Outgoing) -> list[str]:
    """The members that could be anything, without a difference and without a word."""
    form = msgspec.to_builtins(outgoing)
    sent = prepared(platform, form)
    if sent is None:
        return []
    spoken = [warning.field for warning in sent.warnings]
    return [
        _field(path)
        for path in leaves({name: form[name] for name in OPTIONS if name in form})
        if not any(_field(path).startswith(field) for field in spoken)
        and (other := prepared(platform, changed(form, path))) is not None
        and other == sent
    ]


def _field(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]


@pytest.mark.parametrize(("platform", "name", "outgoing"), EVERY, ids=lambda value: str(value)[:50])
def test_an_example_loses_nothing_in_silence(platform: str, name: str, outgoing: Outgoing) -> None:
    assert dropped(platform, outgoing) == []


@pytest.mark.parametrize("platform", ADAPTERS)
@settings(max_examples=60)
@given(outgoings())
def test_no_message_loses_anything_in_silence(platform: str, outgoing: Outgoing) -> None:
    to = msgspec.convert(PERSONS[platform], type(outgoing.to))
    there = msgspec.structs.replace(outgoing, to=to, tag=TAG, override=None, sender="human")
    assert dropped(platform, there) == []
