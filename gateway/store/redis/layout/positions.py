"""Places in lists that go over all shards: the key of an event, then its shard, in 63 bits."""

from gateway.store.records import PageRequest
from gateway.store.redis.layout.keys import first_key

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


def narrowed(
    since: int | None, until: int | None, request: PageRequest, span: tuple[str, str]
) -> tuple[str, str]:
    """What `bounds` gave, narrowed to the times that are asked for."""
    low, high = span if request.ascending else span[::-1]
    if since is not None and _score(low) < first_key(since):
        low = str(first_key(since))
    if until is not None and _score(high) >= first_key(until):
        high = f"({first_key(until)}"
    return (low, high) if request.ascending else (high, low)


def _score(bound: str) -> float:
    return float(bound.removeprefix("("))
