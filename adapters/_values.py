"""Reading Meta's leaves: any of them may be absent, null, or of the neighbouring scalar type."""

import json
from datetime import datetime
from json.encoder import encode_basestring_ascii as _quoted
from math import isfinite
from typing import Any, NoReturn

import msgspec

_MILLISECONDS_FROM = 10**11
"""Smaller numbers are seconds: 10^11 s is the year 5138, 10^11 ms is 1973."""
_LATEST_MS = 10**14
"""Later than the year 5138 is not a time but a mistake."""
_EXACT = 2**53
"""From here on a float is no longer every whole number."""


def real(written: str) -> float | str:
    """A number with a point or an exponent; one so large that it may lose digits stays as written.

    Raises ValueError where it is too large to be a number at all.
    """
    number = float(written)
    if not isfinite(number):
        raise ValueError(written)
    return written if abs(number) >= _EXACT else number


untyped = msgspec.json.Decoder(float_hook=real).decode
"""The value of any JSON. Raises msgspec.DecodeError, UnicodeDecodeError or RecursionError."""


def text(value: Any) -> str | None:
    """A string as it is, a number in its digits; None for absent, null, empty and anything else."""
    if type(value) is str:
        return value or None
    if type(value) is int or type(value) is float:
        return str(value)
    return None


def flag(value: Any) -> bool:
    """True for `true`, 1 and the strings of both; False for everything else."""
    return value in (True, "true", "True", "1")


def mapping(value: Any) -> dict[str, Any]:
    """An object as it is; an empty one for anything else."""
    return value if type(value) is dict else {}


def milliseconds(value: Any) -> int | None:
    """A time as Unix milliseconds: number, numeric string or ISO 8601; units told by magnitude."""
    if type(value) is int and _MILLISECONDS_FROM <= value < _LATEST_MS:
        return value
    if type(value) is str:
        value = _time_of_text(value)
    if type(value) is float and abs(value) < _LATEST_MS:
        value = int(value * 1000) if value < _MILLISECONDS_FROM else int(value)
    if type(value) is not int or value <= 0:
        return None
    result = value if value >= _MILLISECONDS_FROM else value * 1000
    return result if result < _LATEST_MS else None


def _time_of_text(value: str) -> int | None:
    if value.isascii() and value.isdigit():
        return int(value) if len(value) <= len(str(_LATEST_MS)) else None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return int(moment.timestamp() * 1000) if moment.tzinfo else None


def degrees(value: Any) -> float | None:
    """A latitude or longitude; None where it is no finite number."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


class _Number(str):
    """A number as it was written; kept apart from a string of the same characters."""

    __slots__ = ()


def _refuse(written: str) -> NoReturn:
    raise ValueError(written)


_without_floats = msgspec.json.Decoder(float_hook=_refuse)
_sorting = msgspec.json.Encoder(order="sorted")
_exact = json.JSONDecoder(parse_int=_Number, parse_float=_Number, parse_constant=_Number)


def canonical(raw: bytes) -> bytes:
    """JSON with sorted keys and no spaces, numbers as written: equal for equal content.

    ASCII without escapes and floats, which most elements are, takes a short way to the same bytes.
    """
    if raw.isascii() and b"\\" not in raw and b"-0" not in raw:
        try:
            return _sorting.encode(_without_floats.decode(raw))
        except (msgspec.DecodeError, OverflowError):
            pass
    return _written(_exact.decode(raw.decode())).encode()


def _written(value: Any) -> str:
    if isinstance(value, _Number):
        return value
    if isinstance(value, dict):
        pairs = [f"{_quoted(key)}:{_written(value[key])}" for key in sorted(value)]
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_written(item) for item in value]) + "]"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def with_text_ids(value: Any) -> Any:
    """The same value with every id in it as a string: keys that are `id` or end in `_id` or `_ids`.

    A member that is null is left out: in events a key that does not apply is absent.
    """
    if isinstance(value, dict):
        return {
            key: _id_text(item) if _names_id(key) else with_text_ids(item)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [with_text_ids(item) for item in value]
    return value


def _names_id(key: str) -> bool:
    return key == "id" or key.endswith(("_id", "_ids"))


def _id_text(value: Any) -> Any:
    if isinstance(value, list):
        return [_id_text(item) for item in value]
    if type(value) is int or type(value) is float:
        return str(value)
    return with_text_ids(value)
