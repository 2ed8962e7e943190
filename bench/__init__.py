"""How fast the gateway is, measured beside a plain pipeline and a raw relay in one interleaved run."""
