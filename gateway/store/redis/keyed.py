"""Requests under an `Idempotency-Key`, with their answers sealed: some show a secret, once."""

import msgspec

from gateway.store.base import WrongEncryptionKey
from gateway.store.keyed import KEYED_MS, EarlierRequest, KeyedAnswer, KeyedRequest
from gateway.store.redis.library import central_script
from gateway.store.redis.shards import Shards
from gateway.vault import Vault, WrongKey

_BEGIN, _END = central_script("keyed_begin"), central_script("keyed_end")


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
            fingerprint=fingerprint, answer=self._opened(request, sealed) if sealed else None
        )

    async def end(self, request: KeyedRequest, answer: KeyedAnswer | None) -> None:
        """Keep the answer; None: forget the request."""
        sealed = b""
        if answer is not None:
            sealed = self._vault.seal(msgspec.json.encode(answer).decode(), answer_context(request.key.hex()))
        await self._shards.central(_END, request.key.hex(), sealed, repeatable=True)

    def _opened(self, request: KeyedRequest, sealed: bytes) -> KeyedAnswer:
        try:
            return msgspec.json.decode(
                self._vault.open(sealed, answer_context(request.key.hex())), type=KeyedAnswer
            )
        except WrongKey as error:
            raise WrongEncryptionKey(f"an answer under an Idempotency-Key: {error}") from error


def answer_context(key: str) -> str:
    """The place that the answer to a request is sealed for."""
    return f"keyed_requests/{key}/answer"
