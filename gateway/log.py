"""Logging: one wide line per thing that happened, `key=value`, ids first; never a body, never a secret."""

import logging
import sys
from typing import Any

logger = logging.getLogger("gateway")


def configure(level: str) -> None:
    """Send the gateway's lines to stderr. Called once, by the command that serves."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False


def line(what: str, **facts: Any) -> str:
    """`what key=value …`, without the facts that are None; values with spaces are quoted."""
    return " ".join([what, *(f"{key}={_shown(value)}" for key, value in facts.items() if value is not None)])


def _shown(value: Any) -> str:
    text = str(value).replace("\n", " ")
    return f'"{text}"' if " " in text else text
