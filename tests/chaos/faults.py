"""What goes wrong under load. Each returns when it is over and messages are accepted again."""

import asyncio
import resource
import signal
from functools import partial
from pathlib import Path

from tests.chaos.fleet import Member
from tests.chaos.scene import LEASE_SECONDS, Scene
from tests.redis_servers import RedisServer, until

BEFORE, AFTER = 150, 150
"""Messages accepted before a fault, and after it."""


async def kill_ingest(scene: Scene) -> None:
    """SIGKILL, twice, of a process that takes webhooks."""
    for number in range(2):
        await _kill(scene, scene.fleet.ingest[number % len(scene.fleet.ingest)])


async def kill_dispatcher(scene: Scene) -> None:
    """SIGKILL, twice, of a process that delivers."""
    for number in range(2):
        await _kill(scene, scene.fleet.deliver[number % len(scene.fleet.deliver)])


async def _kill(scene: Scene, member: Member) -> None:
    await scene.meta.more(BEFORE)
    member.kill()
    await scene.meta.go_on(1)
    await member.restart()
    await scene.meta.more(AFTER)


async def stop_beyond_lease(scene: Scene) -> None:
    """A process that delivers is stopped until its leases are over, and goes on."""
    await scene.meta.more(BEFORE)
    member = scene.fleet.deliver[0]
    member.send(signal.SIGSTOP)
    await scene.meta.go_on(LEASE_SECONDS + 3)
    member.send(signal.SIGCONT)
    await scene.meta.more(AFTER)


async def terminate(scene: Scene) -> None:
    """SIGTERM of each process in turn, as a deployment does it; each comes back."""
    for member in scene.fleet.members:
        await scene.meta.more(BEFORE // 2)
        assert await asyncio.to_thread(member.end) == 0
        await member.restart()
    await scene.meta.more(AFTER)


async def clock_jumps(scene: Scene) -> None:
    """The clock of a process that delivers steps an hour ahead and back, then an hour back and ahead."""
    member = scene.fleet.deliver[0]
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGUSR2, signal.SIGUSR1):
        await scene.meta.more(BEFORE)
        member.send(number)
    await scene.meta.more(AFTER)


async def receiver_down(scene: Scene) -> None:
    """One customer is gone for five seconds, then back."""
    await scene.meta.more(BEFORE)
    customer = scene.customers[0]
    await customer.down()
    await scene.meta.go_on(5)
    await customer.up()
    await scene.meta.more(AFTER)


async def receiver_slow(scene: Scene) -> None:
    """One customer takes longer than its deadline for five seconds."""
    await scene.meta.more(BEFORE)
    customer = scene.customers[0]
    customer.hold_seconds = 3.0
    await scene.meta.go_on(5)
    customer.hold_seconds = 0.0
    await scene.meta.more(AFTER)


async def disk_full(scene: Scene) -> None:
    """No file of the process can grow for three seconds (RLIMIT_FSIZE), as on a full disk."""
    await scene.meta.more(BEFORE)
    process_id = scene.fleet.members[0].process_id
    before = resource.prlimit(process_id, resource.RLIMIT_FSIZE)
    resource.prlimit(process_id, resource.RLIMIT_FSIZE, (8_192, before[1]))
    await scene.meta.go_on(3)
    resource.prlimit(process_id, resource.RLIMIT_FSIZE, before)
    await scene.meta.more(AFTER)


async def memory_full(scene: Scene) -> None:
    """Redis has reached `maxmemory` for three seconds, and refuses what needs more."""
    await scene.meta.more(BEFORE)
    client = scene.ground.servers[0].client
    client.config_set("maxmemory", "1mb")
    await scene.meta.go_on(3)
    client.config_set("maxmemory", "0")
    await scene.meta.more(AFTER)


async def kill_redis(scene: Scene) -> None:
    """SIGKILL of Redis; it comes back after a second with its append-only file."""
    await scene.meta.more(BEFORE)
    one = scene.ground.servers[0]
    one.kill()
    await scene.meta.go_on(1)
    await asyncio.to_thread(one.start)
    await scene.meta.more(AFTER)


async def restart_redis(scene: Scene) -> None:
    """An orderly restart: SHUTDOWN, which writes what is pending, and a start."""
    await scene.meta.more(BEFORE)
    one = scene.ground.servers[0]
    await asyncio.to_thread(one.client.shutdown, nosave=True)
    one.kill()
    await scene.meta.go_on(1)
    await asyncio.to_thread(one.start)
    await scene.meta.more(AFTER)


async def lose_tail(scene: Scene) -> None:
    """The machine loses power: the last second of the append-only file was not on the disk yet."""
    await scene.meta.more(BEFORE)
    one = scene.ground.servers[0]
    tail = _append_only(scene.folder / "redis")
    durable = tail.stat().st_size
    await _die_after_a_second(scene, one)
    with tail.open("r+b") as file:
        file.truncate(durable)
    await asyncio.to_thread(one.start)
    await scene.meta.more(AFTER)


async def _die_after_a_second(scene: Scene, one: RedisServer) -> None:
    """What is accepted in that second may be lost with the server."""
    safe = len(scene.meta.accepted)
    await scene.meta.go_on(1)
    one.kill()
    await scene.meta.go_on(0.3)  # answers that were under way
    scene.excused += scene.meta.accepted[safe:]


def _append_only(folder: Path) -> Path:
    """The file that Redis appends to now."""
    return max(folder.glob("appendonlydir/*.incr.aof"), key=lambda path: path.stat().st_mtime_ns)


async def cut(scene: Scene) -> None:
    """All connections to Redis break, five times."""
    for _ in range(5):
        await scene.meta.more(BEFORE // 2)
        scene.ground.way.cut()
    await scene.meta.more(AFTER)


async def half_open(scene: Scene) -> None:
    """Nothing comes through between the processes and Redis for eight seconds, and no connection breaks."""
    await scene.meta.more(BEFORE)
    scene.ground.way.freeze()
    await scene.meta.go_on(LEASE_SECONDS + 1)
    scene.ground.way.cut()
    scene.ground.way.thaw()
    await scene.meta.more(AFTER)


async def sentinel_failover(scene: Scene) -> None:
    """The master dies, and the sentinel has the replica take over."""
    await scene.meta.more(BEFORE)
    await _die_after_a_second(scene, scene.ground.trio.master)
    await asyncio.to_thread(scene.ground.trio.await_replica)
    await scene.meta.more(AFTER)


async def cluster_failover(scene: Scene) -> None:
    """A master of the cluster dies, and its replica takes over."""
    await scene.meta.more(BEFORE)
    master, replica, other, _ = scene.ground.servers
    await _die_after_a_second(scene, master)
    await asyncio.to_thread(until, lambda: replica.client.info("replication")["role"] == "master")
    await asyncio.to_thread(until, partial(_is_whole, other))
    await scene.meta.more(AFTER)


def _is_whole(node: RedisServer) -> bool:
    return bool(node.client.execute_command("CLUSTER INFO")["cluster_state"] == "ok")
