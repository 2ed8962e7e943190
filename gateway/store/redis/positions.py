"""Places in lists that go over all shards: the key of an event, then its shard, in 63 bits."""

from gateway.store.records import PageRequest

_SHARDS = 1024
"""More of them than there can be."""


def position(key: int, shard: int) -> int:
    """The place of an event among those of all shards."""
    return key * _SHARDS + shard


def place_of(place: int) -> tuple[int, int]:
    """The key of an event, and its shard."""
    return divmod(place, _SHARDS)


def behind(place: int, shard: int) -> str:
    """From where on the keys of a shard come after this place."""
    key, its_shard = place_of(place)
    return str(key) if shard > its_shard else f"({key}"


def bounds(request: PageRequest, last: int | None, shard: int) -> tuple[str, str]:
    """From where to where the keys of a shard go that come after the place `last`."""
    end = "+inf" if request.ascending else "-inf"
    if last is None:
        return ("-inf" if request.ascending else "+inf"), end
    key, its_shard = divmod(last, _SHARDS)
    behind = shard > its_shard if request.ascending else shard < its_shard
    return (str(key) if behind else f"({key}"), end
