"""What belongs to no shard, as the script that restores it takes it: hashes, sorted sets, numbers."""

from typing import Any

import msgspec

from gateway.store.redis.blobs import as_text
from gateway.store.transfer import KeyedRecord, QuarantineRecord, ReplayRecord

_PER_MS = 4096
_Writes = tuple[list[Any], list[Any], list[Any]]
_encoder = msgspec.msgpack.Encoder()


def quarantine_writes(one: QuarantineRecord) -> _Writes:
    """An item under the key of its moment."""
    key = one.at * _PER_MS + min(one.count, _PER_MS - 1)
    item = _encoder.encode((one.platform, one.received_at, one.reason, one.pointer, one.body))
    hashes = ["quarantine", str(key), as_text(item)]
    return hashes, ["quarantined", key, str(key)], ["quarantine_last", key]


def keyed_writes(one: KeyedRecord) -> _Writes:
    """A request, and its answer if it has one."""
    name = f"keyed:{one.key.hex()}"
    hashes = [name, "fingerprint", as_text(one.fingerprint), name, "begun_at", str(one.begun_at)]
    if one.answer is not None:
        hashes += [name, "answer", as_text(one.answer)]
    return hashes, ["keyed", one.begun_at, one.key.hex()], []


def replay_writes(one: ReplayRecord) -> _Writes:
    """A replay, in its place among the others."""
    replay, number = one.replay, one.number
    hashes = ["replays", replay.id, msgspec.json.encode(replay).decode()]
    sets: list[Any] = ["replays_order", number, replay.id]
    if replay.state == "running":
        sets += ["replays_due", one.due_at, f"{number:016d} {replay.id}"]
    else:
        sets += ["replays_finished", replay.finished_at or replay.created_at, replay.id]
    return hashes, sets, ["replays_last", number]
