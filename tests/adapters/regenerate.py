"""Write the golden events anew: `python -m tests.adapters.regenerate [PLATFORM]`, then read the diff.

A golden file that changes is a change of what customers receive.
"""

import json
import sys

from tests.adapters.samples import events, golden, platform, samples


def main(only: str | None = None) -> None:
    """All platforms, or one."""
    for sample in samples():
        if only in (None, platform(sample)):
            content = json.dumps(events(sample), indent=2, ensure_ascii=False)
            golden(sample).write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
