"""Key rotation: what is sealed is sealed anew under the first key, value by value, beside the traffic.

Whoever dies in the midst leaves some under the new key and some under older ones: all of them open, and the
next call does the rest.
"""

import msgspec

from gateway.store.base import StoreUnavailable, WrongEncryptionKey
from gateway.store.redis.central.configuration import CHECK, CHECK_CONTEXT, Configurations
from gateway.store.redis.central.keyed import KeyedRequests, answer_context
from gateway.store.redis.layout.library import central_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.sealing import SECRET_FIELDS, sealed_context
from gateway.vault import Vault, WrongKey

_RESEAL = central_script("central/keyed_reseal")
_ATTEMPTS = 100
_encoder = msgspec.msgpack.Encoder()
_row = msgspec.msgpack.Decoder(tuple[bytes, bytes])


class Resealing:
    """Several processes may serve meanwhile, if they know the new key too."""

    def __init__(
        self, shards: Shards, configurations: Configurations, keyed: KeyedRequests, vault: Vault
    ) -> None:
        self._shards = shards
        self._keyed = keyed
        self._configurations = configurations
        self._vault = vault

    async def reseal(self) -> int:
        """How many values were sealed anew. Raises WrongEncryptionKey for one that no key opens."""
        resealed = 0
        for place in SECRET_FIELDS:
            for name in await self._configurations.names(place):
                resealed += await self._record(place, name)
        resealed += await self._answers()
        return resealed + await self._check()

    async def _record(self, place: str, name: str) -> int:
        """1, or 0 where the record was deleted meanwhile."""
        for _ in range(_ATTEMPTS):
            row = await self._configurations.cell(place, name)
            if row is None:
                return 0
            shown, sealed = _row.decode(row)
            anew = _encoder.encode((shown, self._resealed(sealed, sealed_context(place, name))))
            cells = [(place, name, row)], [(place, name, anew)]
            if await self._configurations.change(*cells, says_the_same=True):
                return 1
        raise StoreUnavailable("too many others change the same record")

    async def _check(self) -> int:
        sealed = await self._configurations.cell("facts", CHECK)
        if sealed is None:
            return 0
        anew = self._resealed(sealed, CHECK_CONTEXT)
        cells = [("facts", CHECK, sealed)], [("facts", CHECK, anew)]
        return int(await self._configurations.change(*cells, says_the_same=True))

    async def _answers(self) -> int:
        resealed = 0
        async for key, sealed in self._keyed.answers():
            anew = self._resealed(sealed, answer_context(key))
            await self._shards.central(_RESEAL, key, sealed, anew, repeatable=True)
            resealed += 1
        return resealed

    def _resealed(self, sealed: bytes, context: str) -> bytes:
        try:
            return self._vault.resealed(sealed, context)
        except WrongKey as error:
            raise WrongEncryptionKey(
                f"{context}: {error}; is every key that secrets were stored with in GATEWAY_ENCRYPTION_KEY?"
            ) from error
