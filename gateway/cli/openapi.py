"""Print openapi.yaml: the whole API, and every event that an endpoint may receive."""

import argparse
import sys

from gateway.api.docs import openapi_file


def arguments(parser: argparse.ArgumentParser) -> None:
    """`gateway openapi` takes nothing."""


def run(parsed: argparse.Namespace) -> int:
    """Write the document to stdout."""
    sys.stdout.write(openapi_file().read_text(encoding="utf-8"))
    return 0
