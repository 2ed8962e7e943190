"""Measure the gateway against a plain pipeline and a raw relay, in one interleaved run.

Everything is started by the command itself, stays on 127.0.0.1 and is removed afterwards; what is
measured and how to read it is in bench/README.md.
"""

from bench.run import arguments, run

__all__ = ["arguments", "run"]
