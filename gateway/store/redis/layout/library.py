"""The Lua files, in rooms as this code is. One script is one change, or one read, of one shard."""

from importlib.resources import files

from gateway.store.redis.server.scripts import Script

_FOLDER = files("gateway.store.redis") / "lua"


def _text(*names: str) -> bytes:
    return b"\n".join((_FOLDER / f"{name}.lua").read_bytes() for name in names)


def shard_script(*names: str) -> Script:
    """A script over one shard, with what all of them begin with. A name is "<room>/<file>"."""
    return Script.of(_text("shard", *names))


def central_script(*names: str) -> Script:
    """A script over what belongs to no shard."""
    return Script.of(_text("central", *names))
