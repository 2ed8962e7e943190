"""Writes the promise anew after an additive change: `python -m tests.contract.regenerate`."""

import json
import sys

from gateway.api.schema import event_schema
from tests.contract.promise import PROMISE, breaches


def main() -> int:
    """0 if written; 1 if the change would break a customer's handler."""
    schema = event_schema()
    if PROMISE.exists() and (found := breaches(json.loads(PROMISE.read_text(encoding="utf-8")), schema)):
        sys.stderr.write("\n".join(found) + "\n")
        return 1
    PROMISE.write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
