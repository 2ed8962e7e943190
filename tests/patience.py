"""How long tests wait for what should come."""

SOON = 60.0
"""Seconds: so many that only what hangs reaches them, however slow the machine is."""
