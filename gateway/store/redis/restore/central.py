"""What belongs to no shard, as the script that restores it takes it: hashes, sorted sets, numbers."""

from typing import Any

import msgspec
from msgspec import Struct, field

from gateway.store.redis.layout.blobs import as_text
from gateway.store.redis.layout.keys import first_key
from gateway.store.renormalisation import Renormalisation
from gateway.store.replay import Replay
from gateway.store.transfer.records import KeyedRecord, QuarantineRecord

_encoder = msgspec.msgpack.Encoder()


class CentralWrites(Struct):
    """Flat: hash, field, value · ZSET, score, member · key, number."""

    hashes: list[Any] = field(default_factory=list)
    sets: list[Any] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def packed(self) -> bytes:
        """As the script takes it."""
        return _encoder.encode([self.hashes, self.sets, self.values])


def quarantine_writes(one: QuarantineRecord, last: int) -> tuple[CentralWrites, int]:
    """An item under the key of its moment, greater than the last one; and that key."""
    key = max(last + 1, first_key(one.at))
    item = _encoder.encode((one.platform, one.received_at, one.reason, one.pointer, one.body))
    hashes = ["quarantine", str(key), as_text(item)]
    return CentralWrites(hashes, ["quarantined", key, str(key)], ["quarantine_last", key]), key


def keyed_writes(one: KeyedRecord) -> CentralWrites:
    """A request, and its answer if it has one."""
    name = f"keyed:{one.key.hex()}"
    hashes = [name, "fingerprint", as_text(one.fingerprint), name, "begun_at", str(one.begun_at)]
    if one.answer is not None:
        hashes += [name, "answer", as_text(one.answer)]
    return CentralWrites(hashes, ["keyed", one.begun_at, one.key.hex()])


def run_writes(kind: str, number: int, run: Replay | Renormalisation, due_at: int | None) -> CentralWrites:
    """A replay or re-normalisation, in its place among the others."""
    sets: list[Any] = [f"{kind}_order", number, run.id]
    if due_at is not None:
        sets += [f"{kind}_due", due_at, f"{number:016d} {run.id}"]
    else:
        sets += [f"{kind}_finished", run.finished_at or run.created_at, run.id]
    return CentralWrites([kind, run.id, msgspec.json.encode(run).decode()], sets, [f"{kind}_last", number])
