"""The connection to one Redis, whatever its shape: runs scripts, and survives what happens on the way.

A script that Redis has forgotten is given to it again; a cluster that was rearranged is looked at anew. A
run is repeated only where its caller says that it may be done twice, for a moment, ever more slowly.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import Any

from redis import exceptions
from redis.asyncio import Redis, RedisCluster

from gateway.store.address import RedisAddress
from gateway.store.base import StoreUnavailable
from gateway.store.redis.server.clients import Client, client, close
from gateway.store.redis.server.safety import refusal
from gateway.store.redis.server.scripts import Call
from gateway.store.redis.server.trouble import FOREIGN, RedisTrouble, translated, trouble

_PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Between repetitions: a failover that takes longer is left to the caller."""
_INSISTENCE_SECONDS = 2.0
"""After so long nothing is repeated: a Redis that is silent would let each repetition wait as long again."""
_HEALTH_SECONDS = 2.0
"""Whoever asks for health waits no longer: a load balancer gives up soon."""
Ask = Callable[..., Awaitable[Any]]
"""Sends a command to one server."""
_GIVEN = 3
"""How often forgotten scripts are sent in full for one run."""


class Connection:
    """Opened once, used by many tasks at a time."""

    def __init__(self, address: RedisAddress) -> None:
        self.address = address
        self.client: Client = client(address)

    async def open(self) -> None:
        """Connect, and look whether this Redis may be trusted. Raises StoreUnavailable."""
        with translated():
            await self.client.initialize()
        for facts in await self.facts():
            if (reason := refusal(facts, self.address)) is not None:
                raise StoreUnavailable(reason)

    async def close(self) -> None:
        """Let go of all connections."""
        await close(self.client)

    async def run(self, calls: Sequence[Call], *, repeatable: bool = False) -> list[Any]:
        """Run scripts in one round trip; an answer each, an error among them.

        They are all on one shard, and none builds on another of the same run. A RedisTrouble in an
        answer's place says whether its script surely did not run (`refused`). Raises StoreUnavailable
        where no call was answered at all.
        """
        answers = await self._insist(calls) if repeatable else await self._run(calls)
        if answers and all(isinstance(answer, RedisTrouble) for answer in answers):
            raise answers[0]
        return answers

    async def _insist(self, calls: Sequence[Call]) -> list[Any]:
        begun = perf_counter()
        answers = await self._run(calls)
        for pause in _PAUSES_SECONDS:
            failed = [number for number, answer in enumerate(answers) if _may_pass(answer)]
            if not failed or perf_counter() - begun > _INSISTENCE_SECONDS:
                break
            await asyncio.sleep(pause)
            again = await self._run([calls[number] for number in failed])
            for number, answer in zip(failed, again, strict=True):
                answers[number] = answer
        return answers

    async def _run(self, calls: Sequence[Call]) -> list[Any]:
        answers = await self._send(calls)
        for _ in range(_GIVEN):
            forgotten = [
                n for n, answer in enumerate(answers) if isinstance(answer, exceptions.NoScriptError)
            ]
            if not forgotten:
                break
            again = await self._send([calls[number] for number in forgotten], in_full=True)
            for number, answer in zip(forgotten, again, strict=True):
                answers[number] = answer
        answers = [trouble(answer) if isinstance(answer, FOREIGN) else answer for answer in answers]
        if any(_may_pass(answer) for answer in answers):
            await self._look_anew()
        return answers

    async def _send(self, calls: Sequence[Call], *, in_full: bool = False) -> list[Any]:
        """The answers, with what went wrong in the place of those that failed."""
        known: set[str] = set()
        try:
            if len(calls) == 1 and isinstance(self.client, Redis):
                # What most runs are, and what a pipeline makes a third dearer.
                return [await self.client.execute_command(*_command(calls[0], in_full=in_full))]
            pipeline = self.client.pipeline(transaction=False)
            for call in calls:
                # by its name: redis-py refuses `evalsha` on a cluster, where it fails only across slots
                pipeline.execute_command(*_command(call, in_full=in_full and call.script.digest not in known))
                known.add(call.script.digest)
            answers: list[Any] = await pipeline.execute(raise_on_error=False)
        except FOREIGN as error:
            return [error] * len(calls)
        return answers

    async def _look_anew(self) -> None:
        """Ask who is the master, and of what: a pipeline does not tell the client that somebody is gone."""
        with suppress(*FOREIGN):  # where nobody answers now, the next run finds out again
            if isinstance(self.client, RedisCluster):
                await self.client.nodes_manager.initialize()
            else:
                await self.client.connection_pool.disconnect(inuse_connections=False)

    def servers(self) -> list[Ask]:
        """Every server that takes writes, by how to ask it for something."""
        if isinstance(self.client, RedisCluster):
            nodes = self.client.get_primaries()
            return [partial(self.client.execute_command, target_nodes=node) for node in nodes]
        return [self.client.execute_command]

    async def facts(self) -> list[dict[str, Any]]:
        """`INFO` of every server that takes writes. Raises StoreUnavailable."""
        with translated():
            return list(await asyncio.gather(*(facts_of(server) for server in self.servers())))

    async def measure(self) -> tuple[list[dict[str, Any]], float]:
        """Those facts, and after how many ms all servers had told them. Raises StoreUnavailable."""
        started = perf_counter()
        with translated():
            async with asyncio.timeout(_HEALTH_SECONDS):
                servers = await self.facts()
        return servers, (perf_counter() - started) * 1_000


async def facts_of(server: Ask) -> dict[str, Any]:
    """Its `INFO`."""
    return dict(await server("INFO"))


def _command(call: Call, *, in_full: bool) -> tuple[Any, ...]:
    """A script that is sent in full once is known to the server from then on."""
    command = ("EVAL", call.script.body) if in_full else ("EVALSHA", call.script.digest)
    return (*command, len(call.keys), *call.keys, *call.arguments)


def _may_pass(answer: Any) -> bool:
    return isinstance(answer, RedisTrouble) and answer.temporary
