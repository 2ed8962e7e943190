"""Coverage-guided fuzzing of an adapter, by hand: it needs the package `atheris`, which CI does not.

    pip install atheris
    python -m tests.adapters.fuzz whatsapp -max_total_time=600

The platform's samples are the seeds. A crash is an exception out of `decode`, or an element whose own
envelope does not give the same event id again.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports():
    from adapters import ADAPTERS
    from adapters.base import Adapter, Decoded, Inbound
    from adapters.event import encode
    from tests.adapters.samples import platform, samples


def check(adapter: Adapter, body: bytes) -> None:
    """Decode, encode, and decode the envelope of each element again."""
    for element in adapter.decode(Inbound(body)):
        if isinstance(element, Decoded):
            encode(element.event)
            again = adapter.decode(Inbound(element.envelope))
            ids = [one.event.id for one in again if isinstance(one, Decoded)]
            if element.event.id not in ids:
                raise AssertionError(f"{element.event.id} became {ids}")


def main(name: str, *options: str) -> None:
    """Fuzz the adapter `name`; `options` are libFuzzer's."""
    adapter = ADAPTERS[name]
    with tempfile.TemporaryDirectory() as corpus:
        for sample in samples():
            if platform(sample) == name:
                (Path(corpus) / sample.stem).write_bytes(sample.read_bytes())
        atheris.Setup([sys.argv[0], corpus, *options], lambda body: check(adapter, body))
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
