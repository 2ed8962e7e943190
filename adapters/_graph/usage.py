"""How near the limits are, as Meta says it beside every answer.

    x-app-usage: {"call_count":28,"total_time":25,"total_cputime":25}
    x-page-usage: the same
    x-business-use-case-usage: {"<id>":[{"type":"messenger","call_count":95,"total_cputime":20,
        "total_time":20,"estimated_time_to_regain_access":0}]}

All numbers are percent, the time to regain access is minutes. Meta, "Graph API: Rate Limits".
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from adapters._values import mapping, text, untyped
from adapters.sending import Usage

_PERCENTAGES = ("call_count", "total_time", "total_cputime")
_MINUTE = 60
_SIMPLE: Sequence[tuple[str, Literal["app", "page"]]] = (("x-app-usage", "app"), ("x-page-usage", "page"))


def usage(headers: Mapping[str, str]) -> tuple[Usage, ...]:
    """Every reading in the headers, whose names are in lower case; what cannot be read is left out."""
    simple = [
        Usage(kind=kind, percent=percent)
        for name, kind in _SIMPLE
        if (percent := _percent(_read(headers, name))) is not None
    ]
    return (*simple, *_business(_read(headers, "x-business-use-case-usage")))


def regain_access_seconds(headers: Mapping[str, str]) -> int | None:
    """The longest wait that the headers ask for."""
    waits = [each.regain_access_seconds for each in usage(headers) if each.regain_access_seconds]
    return max(waits, default=None)


def _business(readings: dict[str, Any]) -> list[Usage]:
    return [
        Usage(
            kind="business",
            percent=percent,
            id=id,
            type=text(each.get("type")),
            regain_access_seconds=_seconds(each.get("estimated_time_to_regain_access")),
        )
        for id, cases in readings.items()
        for each in map(mapping, cases if isinstance(cases, list) else ())
        if (percent := _percent(each)) is not None
    ]


def _percent(reading: dict[str, Any]) -> int | None:
    """The highest of the three; Meta limits by whichever comes first."""
    numbers = [reading[name] for name in _PERCENTAGES if type(reading.get(name)) in (int, float)]
    return int(max(numbers)) if numbers else None


def _seconds(minutes: Any) -> int | None:
    return int(minutes * _MINUTE) if type(minutes) in (int, float) and minutes > 0 else None


def _read(headers: Mapping[str, str], name: str) -> dict[str, Any]:
    try:
        return mapping(untyped(headers.get(name) or "{}"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return {}
