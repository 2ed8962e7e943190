"""What a picture is known by: the asset id in its address, or else the hash of its bytes.

The bytes are fetched only where the address does not say enough, from Meta's hosts and under the network
guard, and only their hash is kept.
"""

import asyncio
import hashlib

from adapters.profile import Profile
from gateway.contacts.likeness import asset_of, is_nobodys
from gateway.downloads import Download, Downloads, NotFetched

LARGEST_PICTURE = 1 << 20
"""Bytes; what the profile APIs name is a tenth of that."""
_SECONDS = 10


class Portraits:
    """For all accounts."""

    def __init__(self, downloads: Downloads) -> None:
        self._downloads = downloads

    async def known_by(self, profile: Profile) -> str | None:
        """The same for the same picture, whatever its address is today; None where it tells nothing."""
        if profile.profile_pic is None:
            return None
        asset = asset_of(profile.profile_pic)
        if asset is not None:
            return None if is_nobodys(asset) else asset
        try:
            async with asyncio.timeout(_SECONDS):
                return await _digest(await self._downloads.fetch(profile.profile_pic, None, None))
        except (NotFetched, TimeoutError):
            return None


async def _digest(download: Download) -> str | None:
    digest, size = hashlib.sha256(), 0
    try:
        async for chunk in download.chunks(None):
            size += len(chunk)
            if size > LARGEST_PICTURE:
                return None
            digest.update(chunk)
    finally:
        await download.close()
    return f"sha256:{digest.hexdigest()}" if size else None
