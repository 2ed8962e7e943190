"""What an endpoint may be: checks that a type cannot say. All faults are reported at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import UNSET, UnsetType

from adapters import ADAPTERS
from adapters.event import Event, Placement
from adapters.names import is_pattern
from gateway.api.endpoint_forms import EndpointChange, NewEndpoint
from gateway.api.problems import FieldProblem, Problem, ProblemKind, invalid
from gateway.deliver.guard import check_url
from gateway.settings import Settings
from gateway.store.conditions import Condition, Probe
from gateway.store.keeping import Keeping
from gateway.store.records import Endpoint, EndpointType

Value = TypeVar("Value")

# The gateway writes the first line itself; HTTP, proxies and clouds act upon the rest.
_RESERVED = """
    host content-length content-type content-encoding content-language content-location user-agent
    age cache-control clear-site-data connection cookie expect expires keep-alive pragma proxy-authenticate
    proxy-authorization te trailer trailers transfer-encoding upgrade warning
"""
_RESERVED_PREFIXES = """
    webhook- svix- x-hub-signature x-socialhook- x-svix-
    x-amz- x-amzn- x-azure- x-fd- x-forwarded- x-gfe x-goog- x-google
"""
RESERVED_HEADERS = frozenset(_RESERVED.split())
RESERVED_PREFIXES = tuple(_RESERVED_PREFIXES.split())
ABOUT_SENDING = (
    *("url", "ordering", "status", "concurrency", "rate_limit", "timeout_seconds", "retry_schedule"),
    *("headers", "auth"),
)
"""What means nothing where nothing is sent."""
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_HEADER_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e\t]{0,3998}[\x21-\x7e])?")


def check(
    settings: Settings, given: EndpointChange, kind: EndpointType, present: Endpoint | None = None
) -> None:
    """Raise Problem (422) that names every field at fault in what is said about an endpoint of this type.

    `present`: what it is so far, if it is there already.
    """
    faults = [
        *_type_faults(given, kind),
        *_url_faults(given.url, settings),
        *_event_faults(_or(given.events, ())),
        *_platform_faults(_or(given.platforms, ())),
        *_redaction_faults(given, present),
        *_condition_faults(_or(given.conditions, {})),
        *_header_faults(_or(given.headers, {})),
    ]
    if faults:
        detail = "; ".join(f"{fault.field}: {fault.detail}" for fault in faults)
        raise Problem(ProblemKind.INVALID_REQUEST, detail, faults)


def check_raw(endpoint: Endpoint, keep: Keeping) -> None:
    """Raise Problem (422) for an endpoint that takes what is not stored for its customer."""
    if takes_raw(endpoint) and not keep.raw:
        field = "format" if endpoint.format == "raw" else "include_raw"
        raise invalid(field, "takes raw elements, and none are stored for this customer (`keep.raw`)")


def takes_raw(endpoint: Endpoint) -> bool:
    """Whether it is sent the platform's own bytes, or pulls them."""
    return endpoint.format == "raw" or endpoint.include_raw


def _or(value: Value | UnsetType, default: Value) -> Value:
    return default if value is UNSET or isinstance(value, UnsetType) else value


def _type_faults(given: EndpointChange, kind: EndpointType) -> Iterator[FieldProblem]:
    if kind == "pull":
        for field in ABOUT_SENDING:
            if getattr(given, field) is not UNSET:
                yield FieldProblem(field=field, detail="is for endpoints of type `push`")
    elif isinstance(given, NewEndpoint):
        if given.url is UNSET:
            yield FieldProblem(field="url", detail="is required")
        if given.since is not None:
            yield FieldProblem(field="since", detail="is for endpoints of type `pull`")


def _redaction_faults(given: EndpointChange, present: Endpoint | None) -> Iterator[FieldProblem]:
    """What is left out with the fields is all that these forms would send."""
    redact = _or(given.redact, present.redact if present else ())
    format = _or(given.format, present.format if present else "native")
    include_raw = _or(given.include_raw, present.include_raw if present else False)
    if redact and (format == "raw" or include_raw):
        yield FieldProblem(field="redact", detail="leaves nothing of the platform's own JSON to send")


def _url_faults(url: str | UnsetType, settings: Settings) -> Iterator[FieldProblem]:
    if isinstance(url, UnsetType):
        return
    try:
        check_url(url, https_only=settings.https_only, allow_networks=settings.allow_networks)
    except ValueError as error:
        yield FieldProblem(field="url", detail=str(error))


def _event_faults(events: Sequence[str]) -> Iterator[FieldProblem]:
    for index, pattern in enumerate(events):
        if not is_pattern(pattern):
            detail = f"{pattern[:60]!r} is neither an event nor a `family.*`"
            yield FieldProblem(field=f"events[{index}]", detail=detail)


def _platform_faults(platforms: Sequence[str]) -> Iterator[FieldProblem]:
    for index, platform in enumerate(platforms):
        if platform not in ADAPTERS:
            yield FieldProblem(field=f"platforms[{index}]", detail=f"is none of {', '.join(ADAPTERS)}")


def _condition_faults(conditions: Mapping[str, Condition]) -> Iterator[FieldProblem]:
    for path, condition in conditions.items():
        field, first = f"conditions.{path}", path.partition(".")[0]
        if first in Placement.__struct_encode_fields__:
            yield FieldProblem(field=field, detail="is given later than endpoints are chosen")
        elif first not in Event.__struct_encode_fields__:
            yield FieldProblem(field=field, detail=f"{first!r} is no member of an event")
        elif condition == Probe():
            yield FieldProblem(field=field, detail="says nothing: `exists` or `prefix` is missing")


def _header_faults(headers: Mapping[str, str]) -> Iterator[FieldProblem]:
    for name, value in headers.items():
        field = f"headers.{name[:100]}"
        if not _HEADER_NAME.fullmatch(name):
            yield FieldProblem(field=field, detail="is not a header name")
        elif name.lower() in RESERVED_HEADERS or name.lower().startswith(RESERVED_PREFIXES):
            yield FieldProblem(field=field, detail="is a header that only the gateway or a proxy may set")
        elif not _HEADER_VALUE.fullmatch(value):
            yield FieldProblem(
                field=field, detail="has a value that is not 1 to 4000 printable ASCII characters"
            )
    if len({name.lower() for name in headers}) < len(headers):
        yield FieldProblem(field="headers", detail="names one header twice")
