"""What Redis and the way to it can raise, as one sentence for whoever has to put it right."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions
from redis.asyncio.sentinel import MasterNotFoundError

from gateway.store.base import IntakeStopped, StoreLost, StoreUnavailable

_BY_CODE = {
    "LOADING": "Redis is still loading its data; it will answer when it is done",
    "READONLY": "this Redis is a replica, a failover is under way; if it stays one, name its master",
    "MASTERDOWN": "Redis has lost its master; a failover is under way",
    "CLUSTERDOWN": "the Redis cluster is down: a part of its slots has no master",
    "MOVED": "the Redis cluster is being rearranged",
    "ASK": "the Redis cluster is being rearranged",
    "TRYAGAIN": "the Redis cluster is being rearranged",
    "LOST": "Redis has lost the data of the gateway: restore them, or restart the gateway to begin anew",
    "TOOLATE": "another process has changed the configuration meanwhile; send the request again",
    "OOM": "Redis is full; raise its maxmemory, or lower GATEWAY_RETENTION_DAYS",
    "MISCONF": "Redis cannot write to its disk; look into its log",
    "NOREPLICAS": "Redis has fewer replicas than min-replicas-to-write asks for",
    "BUSY": "Redis is busy with a script",
    "NOSCRIPT": "Redis forgets the gateway's scripts as fast as it is given them",
    "NOAUTH": "Redis asks for a password; write :password@ into GATEWAY_STORE",
    "WRONGPASS": "Redis refuses the user or the password that GATEWAY_STORE names",
    "NOPERM": "the Redis user that GATEWAY_STORE names may not do what the gateway needs",
}
_TEMPORARY = {
    "LOADING",
    "READONLY",
    "MASTERDOWN",
    "CLUSTERDOWN",
    "MOVED",
    "ASK",
    "TRYAGAIN",
    "NOREPLICAS",
    "BUSY",
}
_NO_ROOM = {"OOM", "MISCONF"}
_CODE = re.compile(rf"\b({'|'.join(_BY_CODE)})\b")
_BY_TYPE: dict[type[Exception], str] = {
    exceptions.BusyLoadingError: "LOADING",
    exceptions.ReadOnlyError: "READONLY",
    exceptions.MasterDownError: "MASTERDOWN",
    exceptions.ClusterDownError: "CLUSTERDOWN",
    exceptions.SlotNotCoveredError: "CLUSTERDOWN",
    exceptions.MovedError: "MOVED",
    exceptions.AskError: "ASK",
    exceptions.TryAgainError: "TRYAGAIN",
    exceptions.OutOfMemoryError: "OOM",
    exceptions.NoScriptError: "NOSCRIPT",
    exceptions.AuthenticationError: "WRONGPASS",
    exceptions.NoPermissionError: "NOPERM",
}

FOREIGN = (exceptions.RedisError, exceptions.RedisClusterException, OSError)
"""All that redis-py raises, and what it lets through of the system."""


class RedisTrouble(StoreUnavailable):
    """Redis did not do it, or did not say so."""

    def __init__(self, text: str, *, temporary: bool, refused: bool) -> None:
        super().__init__(text)
        self.temporary = temporary
        """It may be over in a moment."""
        self.refused = refused
        """It surely was not done; else nobody knows."""


class DataLost(RedisTrouble, StoreLost):
    """This Redis has been emptied, or holds another database."""

    def __init__(self, text: str = _BY_CODE["LOST"]) -> None:
        super().__init__(text, temporary=False, refused=True)


class NoRoom(RedisTrouble, IntakeStopped):
    """Redis takes no write for want of memory, or of a disk."""


def trouble(error: BaseException) -> RedisTrouble:
    """What an exception means."""
    code = _code(error)
    if code == "LOST":
        return DataLost()
    if code:
        kind = NoRoom if code in _NO_ROOM else RedisTrouble
        return kind(_BY_CODE[code], temporary=code in _TEMPORARY, refused=True)
    if "unknown command 'SENTINEL'" in str(error):
        return RedisTrouble("what GATEWAY_STORE names is no sentinel", temporary=False, refused=True)
    if isinstance(error, exceptions.ResponseError):
        word = str(error).partition(" ")[0]
        return RedisTrouble(f"Redis refuses a command ({word})", temporary=False, refused=True)
    text = _of_the_way(error)
    return RedisTrouble(text, temporary=not isinstance(error, ssl.SSLError), refused=False)


@contextmanager
def translated() -> Iterator[None]:
    """Whatever comes of Redis or the way to it becomes StoreUnavailable."""
    try:
        yield
    except FOREIGN as error:
        raise trouble(error) from error


def _code(error: BaseException) -> str | None:
    """Redis' own word for it. A script that fails has it inside its message (before Redis 7)."""
    if isinstance(error, exceptions.AuthenticationError) and "required" in str(error):
        return "NOAUTH"
    for kind in type(error).__mro__:
        if kind in _BY_TYPE:
            return _BY_TYPE[kind]
    found = _CODE.search(str(error)) if isinstance(error, exceptions.RedisError) else None
    return found[1] if found else None


def _of_the_way(error: BaseException) -> str:
    if isinstance(error, MasterNotFoundError):
        return "no sentinel knows a master by the name in GATEWAY_STORE that is up"
    if isinstance(error, exceptions.TimeoutError | TimeoutError):
        return "Redis does not answer in time"
    if isinstance(error, exceptions.MaxConnectionsError):
        return "all connections to Redis are in use"
    if isinstance(error.__cause__ or error.__context__, ssl.SSLError) or isinstance(error, ssl.SSLError):
        return "Redis' certificate is not trusted, or ours is not; see the options ca, cert and key"
    if isinstance(error, exceptions.RedisClusterException):
        return "no node of the Redis cluster answers, or it is no cluster"
    return "Redis cannot be reached, or has closed the connection"
