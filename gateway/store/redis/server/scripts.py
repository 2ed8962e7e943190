"""Lua scripts, sent by their digest: Redis keeps them, and may forget them at any time."""

import hashlib
from collections.abc import Sequence

from msgspec import Struct

Value = str | bytes | int | float


class Script(Struct, frozen=True):
    """A script as it stands in its file; `of` makes one."""

    body: bytes
    digest: str

    @classmethod
    def of(cls, body: bytes) -> "Script":
        return cls(body, hashlib.sha1(body, usedforsecurity=False).hexdigest())


class Call(Struct, frozen=True):
    """A script with what it is to work on; all keys of all calls of one run are in one slot."""

    script: Script
    keys: Sequence[str | bytes]
    arguments: Sequence[Value] = ()
