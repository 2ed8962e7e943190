"""The formats that an endpoint can choose: pure renderings of the stored native event.

Whatever is rendered twice from the same event comes out in the same bytes, so that they can be signed
anew on every attempt and compared by whoever keeps them.
"""

from collections.abc import Callable

from msgspec import Raw, Struct, json

from adapters.event import patch
from gateway.deliver.cloudevents import cloudevent
from gateway.deliver.signing import hub_signature, socialhook_signature
from gateway.deliver.socialhook import socialhook_event
from gateway.store.records import Endpoint, RawElement

_JSON = "application/json"
_DERIVED = frozenset(("conversation.started",))
"""Events that share their raw element with the event they were derived from."""


class Rendering(Struct, frozen=True, kw_only=True):
    """What is sent for an event, but for the Standard Webhooks headers."""

    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()


class _Name(Struct):
    event: str


class _Source(Struct):
    raw: dict[str, Raw] | None = None


_name = json.Decoder(_Name)
_source = json.Decoder(_Source)


def render(format: str, body: bytes, *, endpoint: Endpoint, raw: RawElement | None) -> Rendering | None:
    """The event in a format; None where the format does not carry it.

    `body` is the native event, `raw` the platform's own element if there is one and it was asked for.
    Raises KeyError for a format that is not one of FORMATS.
    """
    return _RENDERERS[format](body, endpoint, raw)


def _native(body: bytes, endpoint: Endpoint, raw: RawElement | None) -> Rendering:
    return Rendering(body=_with_inline(body, raw), content_type=_JSON)


def _cloudevents(body: bytes, endpoint: Endpoint, raw: RawElement | None) -> Rendering:
    event = cloudevent(_with_inline(body, raw))
    return Rendering(body=event, content_type="application/cloudevents+json")


def _socialhook(body: bytes, endpoint: Endpoint, raw: RawElement | None) -> Rendering | None:
    event = socialhook_event(_with_inline(body, raw), endpoint.id)
    if event is None:
        return None
    headers = _signature("X-SocialHook-Signature", socialhook_signature, endpoint, event)
    return Rendering(body=event, content_type=_JSON, headers=headers)


def _raw(body: bytes, endpoint: Endpoint, raw: RawElement | None) -> Rendering | None:
    if raw is None or _name.decode(body).event in _DERIVED:
        return None
    headers = _signature("X-Hub-Signature-256", hub_signature, endpoint, raw.envelope)
    return Rendering(body=raw.envelope, content_type=_JSON, headers=headers)


_RENDERERS: dict[str, Callable[[bytes, Endpoint, RawElement | None], Rendering | None]] = {
    "native": _native,
    "cloudevents": _cloudevents,
    "socialhook": _socialhook,
    "raw": _raw,
}
FORMATS = tuple(_RENDERERS)


def _with_inline(body: bytes, raw: RawElement | None) -> bytes:
    """The event with the platform's element in it, byte for byte, where that was asked for."""
    if raw is None or _source.decode(body).raw is None:
        return body
    start, end = raw.element
    return patch(body, "raw", {"inline": Raw(raw.envelope[start:end])})


def _signature(
    name: str, sign: Callable[[str, bytes], str], endpoint: Endpoint, body: bytes
) -> tuple[tuple[str, str], ...]:
    """A header with one signature: under the newest secret, as its verifiers know nothing of lists."""
    return ((name, sign(endpoint.secrets[0].value, body)),) if endpoint.secrets else ()
