"""Who changes the configuration: known to the task that does, and checked by the script that writes."""

from contextvars import ContextVar

CHANGER: ContextVar[str] = ContextVar("changer", default="")
"""The process that holds the lock, in the task that took it; "" where nobody asked for it, as at a start."""
