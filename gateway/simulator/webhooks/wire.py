"""Bytes as Meta puts them on the wire, and the signature over exactly these bytes.

Meta escapes every non-ASCII character as `\\uXXXX` in lower-case hexadecimal, `/` as `\\/`, `<` as
`\\u003C`, `%` as `\\u0025` and `@` as `\\u0040`, and signs what it has escaped.
"""

import hashlib
import hmac
import json

_ESCAPES = str.maketrans({"/": "\\/", "<": "\\u003C", "%": "\\u0025", "@": "\\u0040"})


def encode(value: object) -> bytes:
    """JSON in Meta's spelling."""
    return json.dumps(value, separators=(",", ":")).translate(_ESCAPES).encode("ascii")


def signature(body: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256`."""
    return "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
