"""How an endpoint wants its deliveries, in one word that scripts keep: `native`, `cloudevents+raw`."""

from gateway.store.endpoint import Endpoint

_RAW = "+raw"
NATIVE = "native"


def form_of(endpoint: Endpoint) -> str:
    """The word for an endpoint."""
    return form_word(endpoint.format, include_raw=endpoint.include_raw)


def form_word(format: str, *, include_raw: bool) -> str:
    """The word for a format with or without the raw element."""
    return format + _RAW if include_raw else format


def read_form(word: str) -> tuple[str, bool]:
    """The format, and whether the raw element goes along; nothing stands for `native`."""
    return word.removesuffix(_RAW) or NATIVE, word.endswith(_RAW)
