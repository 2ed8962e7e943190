"""The files of Redis: written anew, so that they no longer hold what has been deleted.

A deleted key is in the append-only file until that is rewritten, and in the snapshot until the next one.
A rewrite that was under way before the deletion counts for nothing: it may hold what was there then.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from redis import exceptions

from gateway.store.redis.server.connection import Ask, Connection, facts_of
from gateway.store.redis.server.safety import Facts
from gateway.store.redis.server.trouble import translated

_AGAIN_MS = 10_000
"""A rewrite that has failed is asked for again after so long."""
_BUSY = ("progress", "active")
"""What is in a refusal that only means: not now."""

_ENDS = {"BGSAVE": "rdb_last_bgsave_status", "BGREWRITEAOF": "aof_last_bgrewrite_status"}


class Asked(Struct, frozen=True):
    """What a server has been asked for."""

    at: int
    taken: tuple[str, ...] = ()
    """Commands that it does."""
    refused: tuple[str, ...] = ()
    """Commands that nobody here may give it."""
    replicas: int = 0


class Renewal(Struct, frozen=True):
    """How far it is."""

    asked: dict[str, Asked]
    """By the id of the server's run: one that was started again is asked again."""
    done: bool

    @property
    def remains(self) -> tuple[str, ...]:
        """What could not be done, for whoever has to do it."""
        refused = sorted({command for one in self.asked.values() for command in one.refused})
        replicas = sum(one.replicas for one in self.asked.values())
        left = [f"Redis refuses {one}; its files keep what was deleted until written anew" for one in refused]
        return (*left, f"files of replicas, which are their own: {replicas}") if replicas else tuple(left)


class Files:
    """Of all servers that take writes. Replicas have files of their own, which are left to their operator."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def renew(self, asked: Mapping[str, Asked], now: int) -> Renewal:
        """Ask each server that has not been asked; look how far the others are. Raises StoreUnavailable."""
        known: dict[str, Asked] = {}
        done = True
        with translated():
            for server in self._connection.servers():
                facts = await facts_of(server)
                name = str(facts["run_id"])
                before = asked.get(name)
                written = before is not None and _has_written(facts, before)
                if not written and _may_be_asked(facts, before, now):
                    before = await _ask(server, facts, now)
                known |= {} if before is None else {name: before}
                done = done and written
        return Renewal(known, done)


async def _ask(server: Ask, facts: Facts, now: int) -> Asked | None:
    """None: it has begun something else meanwhile."""
    taken, refused = [], []
    for command in await _commands(server, facts):
        try:
            await server(command)
            taken.append(command)
        except exceptions.ResponseError as error:
            if any(word in str(error) for word in _BUSY):
                return None
            refused.append(command)
    return Asked(now, tuple(taken), tuple(refused), int(facts.get("connected_slaves", 0)))


async def _commands(server: Ask, facts: Facts) -> list[str]:
    """The snapshot first: a rewrite can wait for it, and INFO tells that it does."""
    commands = ["BGSAVE"] if await _makes_snapshots(server, facts) else []
    return [*commands, "BGREWRITEAOF"] if facts.get("aof_enabled") == 1 else commands


async def _makes_snapshots(server: Ask, facts: Facts) -> bool:
    """Whether there is a snapshot to be replaced; where nobody may ask, there may be one."""
    began = int(facts.get("server_time_usec", 0)) // 1_000_000 - int(facts.get("uptime_in_seconds", 0))
    if int(facts.get("rdb_last_save_time", 0)) > began + 1:
        return True
    try:
        answer: Any = await server("CONFIG GET", "save")
    except exceptions.ResponseError:
        return True
    values = list(answer.values()) if isinstance(answer, Mapping) else list(answer[1::2])
    return any(values)


def _is_writing(facts: Facts) -> bool:
    return any(
        facts.get(name)
        for name in ("rdb_bgsave_in_progress", "aof_rewrite_in_progress", "aof_rewrite_scheduled")
    )


def _may_be_asked(facts: Facts, before: Asked | None, now: int) -> bool:
    """Not while it writes, and not again and again where its disk is full."""
    return not _is_writing(facts) and (before is None or now - before.at >= _AGAIN_MS)


def _has_written(facts: Facts, before: Asked) -> bool:
    """Whether all that it does has come to a good end."""
    return not _is_writing(facts) and all(facts.get(_ENDS[command]) == "ok" for command in before.taken)
