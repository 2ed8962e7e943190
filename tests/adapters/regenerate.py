"""Write the golden events and requests anew: `python -m tests.adapters.regenerate [PLATFORM]`.

Then read the diff: a golden file that changes is a change of what customers receive, or of what is sent.
"""

import json
import sys
from pathlib import Path
from typing import Any

from adapters import ADAPTERS
from tests.adapters import sends
from tests.adapters.samples import events, golden, platform, samples


def main(only: str | None = None) -> None:
    """All platforms, or one."""
    for sample in samples():
        if only in (None, platform(sample)):
            _write(golden(sample), events(sample))
    for name in ADAPTERS if only is None else (only,):
        for example, outgoing in sends.sends(name):
            _write(sends.golden(name, example), sends.outcome(name, outgoing))


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
