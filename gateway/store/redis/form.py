"""How an endpoint wants its deliveries, in one word that scripts keep: `native`, `cloudevents+raw`."""

from gateway.store.endpoint import Endpoint

_RAW = "+raw"
NATIVE = "native"


def form_of(endpoint: Endpoint) -> str:
    """The word for an endpoint."""
    return endpoint.format + _RAW if endpoint.include_raw else str(endpoint.format)


def read_form(word: str) -> tuple[str, bool]:
    """The format, and whether the raw element goes along; nothing stands for `native`."""
    return word.removesuffix(_RAW) or NATIVE, word.endswith(_RAW)
