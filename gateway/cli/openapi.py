"""Print openapi.yaml: the whole API, and every event that an endpoint may receive."""

import argparse
import sys

from gateway.api.document import document


def arguments(parser: argparse.ArgumentParser) -> None:
    """`gateway openapi` takes nothing."""


def run(parsed: argparse.Namespace) -> int:
    """Write the document to stdout."""
    sys.stdout.write(document())
    return 0
