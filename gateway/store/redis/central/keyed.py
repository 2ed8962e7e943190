"""Requests under an `Idempotency-Key`, with their answers sealed: some show a secret, once."""

from collections.abc import AsyncIterator, Callable

import msgspec

from gateway.store.base import WrongEncryptionKey
from gateway.store.keyed import KEYED_MS, EarlierRequest, KeyedAnswer, KeyedRequest
from gateway.store.redis.layout.library import central_script
from gateway.store.redis.layout.shards import Shards
from gateway.vault import Vault, WrongKey

_BEGIN, _END = central_script("central/keyed_begin"), central_script("central/keyed_end")
_ANSWERS, _BLANK = central_script("central/keyed_answers"), central_script("central/keyed_blank")
_STEP = 200


class KeyedRequests:
    """Exactly one of several processes begins a request.

    `begin` is not repeated where its answer was lost: nobody could tell the repetition from a second
    request. The caller fails, and the key is in use until its day is over.
    """

    def __init__(self, shards: Shards, vault: Vault) -> None:
        self._shards = shards
        self._vault = vault

    async def begin(self, request: KeyedRequest, now: int) -> EarlierRequest | None:
        """None: it is the first under its key, and remembered as begun."""
        found = await self._shards.central(
            _BEGIN, request.key.hex(), request.fingerprint, now, now - KEYED_MS
        )
        if not found:
            return None
        fingerprint, sealed = found
        return EarlierRequest(
            fingerprint=fingerprint, answer=self._opened(request.key.hex(), sealed) if sealed else None
        )

    async def end(self, request: KeyedRequest, answer: KeyedAnswer | None) -> None:
        """Keep the answer; None: forget the request."""
        sealed = b""
        if answer is not None:
            sealed = self._vault.seal(msgspec.json.encode(answer).decode(), answer_context(request.key.hex()))
        await self._shards.central(_END, request.key.hex(), sealed, repeatable=True)

    async def forget_about(self, names: Callable[[bytes], bool]) -> None:
        """Blank the answers that name somebody. The requests stay known: nothing is done twice."""
        async for key, sealed in self.answers():
            if names(self._opened(key, sealed).body):
                await self._shards.central(_BLANK, key, sealed, repeatable=True)

    async def answers(self) -> AsyncIterator[tuple[str, bytes]]:
        """Key and sealed answer of all that are there from beginning to end; one may come twice."""
        cursor = b"0"
        while True:
            cursor, *flat = await self._shards.central(_ANSWERS, cursor, _STEP, repeatable=True)
            for key, sealed in zip(flat[::2], flat[1::2], strict=True):
                yield key.decode(), sealed
            if cursor == b"0":
                return

    def _opened(self, key: str, sealed: bytes) -> KeyedAnswer:
        try:
            return msgspec.json.decode(self._vault.open(sealed, answer_context(key)), type=KeyedAnswer)
        except WrongKey as error:
            raise WrongEncryptionKey(f"an answer under an Idempotency-Key: {error}") from error


def answer_context(key: str) -> str:
    """The place that the answer to a request is sealed for."""
    return f"keyed_requests/{key}/answer"
